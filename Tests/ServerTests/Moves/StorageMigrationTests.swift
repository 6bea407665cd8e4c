import Database
import Foundation
import Identity
import TestSupport
import Testing
import Workspaces

@testable import Runs

struct StorageMigrationTests {
    @Test("states and jobs from before workspaces could move keep their place in the store", arguments: TestEngine.allCases)
    func backfill(engine: TestEngine) async throws {
        let all = IdentitySchema.migrations + WorkspacesSchema.migrations + RunsSchema.migrations
        let new: Set = ["states/001-storage-organization", "jobs/001-storage-organization"]
        let old = all.filter { new.contains($0.id) == false }
        #expect(all.count - old.count == 2)
        try await withDatabase(engine, migrations: old) { database in
            try await database.write { transaction in
                try transaction.execute("INSERT INTO organization (id, name) VALUES ('o', 'acme')")
                try transaction.execute(
                    """
                    INSERT INTO workspace (id, organization_id, name, source, branch, terraform_version, execution_mode,
                        created_date, created_by, updated_date, updated_by)
                    VALUES ('w', 'o', 'network', '', '', '1', 'remote', 1, 'a', 1, 'a')
                    """
                )
                try transaction.execute(
                    """
                    INSERT INTO history (id, workspace_id, serial, md5, lineage, created_date, created_by, updated_date, updated_by)
                    VALUES ('h', 'w', 1, '', '', 1, 'a', 1, 'a')
                    """
                )
                try transaction.execute(
                    """
                    INSERT INTO job (organization_id, workspace_id, status, tcl, via, created_date, created_by, updated_date, updated_by)
                    VALUES ('o', 'w', 'completed', '', 'UI', 1, 'a', 1, 'a')
                    """
                )
            }
            try await Migrator(all).apply(to: database, now: Date(timeIntervalSince1970: 0))
            let places = try await database.read { connection in
                try ["history", "job"].map { table in
                    try connection.row("SELECT storage_organization_id FROM \(identifier: table)")?.get("storage_organization_id") ?? ""
                }
            }
            #expect(places == ["o", "o"])
        }
    }
}
