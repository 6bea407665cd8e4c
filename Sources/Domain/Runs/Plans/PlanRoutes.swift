package import Database
import Foundation
package import Hummingbird
import Identity
import JSONAPI
package import Service
import Wire
import Workspaces

/// Where clients read the plan of a step: the file, and its readable form.
package struct PlanRoutes: Sendable {
    private let database: any SQLDatabase
    private let plans: PlanStore

    package init(database: any SQLDatabase, plans: PlanStore) {
        self.database = database
        self.plans = plans
    }

    package func register(on router: some RouterMethods<ServerContext>) {
        let group = router.group("tfstate/v1/organization/:organization/workspace/:workspace/jobId/:job/step/:step")
        group.get("terraform.tfstate", use: file)
        group.get("plan.json", use: document)
    }

    @Sendable
    private func file(request: Request, context: ServerContext) async throws -> Response {
        let key = try await key(in: context)
        guard let bundle = try await plans.bundle(at: key) else { throw APIError.notFound("The step has no plan.") }
        return .data(bundle.plan, type: "application/octet-stream")
    }

    @Sendable
    private func document(request: Request, context: ServerContext) async throws -> Response {
        let key = try await key(in: context)
        guard let document = try await plans.document(at: key) else { throw APIError.notFound("The step has no readable plan.") }
        return .data(document, type: "application/json")
    }

    /// A plan holds what state holds, secrets included: it needs the same permission.
    private func key(in context: ServerContext) async throws -> PlanStore.Key {
        let principal = try context.requirePrincipal()
        let workspace = try context.parameters.require("workspace")
        let step = try context.parameters.require("step")
        guard let job = Int(try context.parameters.require("job")) else { throw APIError.notFound("There is no such job.") }
        return try await database.read { connection in
            try WorkspaceAccess(connection).require(.manageState, workspace: workspace, for: principal)
            let stored = try JobStore(connection).find(id: job)
            guard let stored, stored.workspaceID == workspace, try JobStore(connection).step(id: step)?.jobID == job else {
                throw APIError.notFound("There is no step \(step) of a job \(job) in the workspace.")
            }
            return PlanStore.Key(organization: stored.storageOrganizationID, workspace: workspace, job: job, step: step)
        }
    }
}
