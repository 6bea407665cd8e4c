import Database
import Foundation
import Identity
package import JSONAPI
package import Service
import Workspaces

/// The rules of making a job and of deciding about one, as the native API, the pages and the CLI all meet them.
package struct JobRules: Sendable {
    let address: ServerAddress

    // MARK: Making

    /// Authorises a new job and completes its row: organization and workspace agree, the flow is copied from the
    /// template, an uploaded configuration is pinned.
    func prepare(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        guard let workspaceID: String = try draft.value("workspace_id") else {
            throw APIError.invalid(relationship: "workspace", "A job needs a workspace.")
        }
        guard let workspace = try WorkspaceStore(context.transaction).find(id: workspaceID) else {
            throw APIError.invalid(relationship: "workspace", "There is no workspace \(workspaceID).")
        }
        if let organization: String = try draft.value("organization_id"), organization != workspace.organizationID {
            throw APIError.invalid(relationship: "workspace", "The workspace \(workspaceID) belongs to another organization.")
        }
        let granted = try Permissions(context.transaction).granted(in: workspace.scope, to: context.caller)
        guard granted.isDisjoint(with: [.planJob, .approveJob]) == false else {
            throw APIError.forbidden("This needs the permission planJob or approveJob in the workspace.")
        }
        draft.set("organization_id", workspace.organizationID)
        draft.set("storage_organization_id", workspace.organizationID)
        guard try draft.value("status", as: String.self) == JobStatus.pending.rawValue else {
            throw APIError.invalid(attribute: "status", "A new job is pending.")
        }
        try takeFlow(into: &draft, organization: workspace.organizationID, in: context.transaction)
        try pinConfiguration(into: &draft, of: workspace, in: context.transaction)
        try requireAddresses(draft)
        if case .failure(let error) = FlowParser().result(tcl: try draft.value("tcl") ?? "") {
            draft.set("status", JobStatus.failed)
            draft.set("output", String("The flow can't be run: \(error.message)".prefix(1024)))
        }
    }

    /// Gives a new job its steps and addresses, and wakes the scheduler.
    func complete(_ draft: ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        guard let job = try Int(draft.id).flatMap({ try JobStore(context.transaction).find(id: $0) }) else { return }
        switch FlowParser().result(tcl: job.tcl) {
        case .success(let flow):
            try insert(flow.steps.map { ($0.number, $0.name, .pending, nil) }, of: job, in: context)
        case .failure(let error):
            try insert([(100, "Template Yaml Error", .failed, error.message)], of: job, in: context)
        }
        for (addresses, type) in [(job.targets, "TARGET"), (job.replacements, "REPLACE")] {
            for address in addresses {
                try context.transaction.execute(
                    """
                    INSERT INTO address (id, job_id, name, type, created_date, created_by, updated_date, updated_by)
                    VALUES (\(context.newID()), \(job.id), \(address), \(type), \(context.now), \(job.createdBy),
                        \(context.now), \(job.createdBy))
                    """
                )
            }
        }
        try WorkspaceStore(context.transaction).recordJob(
            workspace: job.workspaceID,
            status: job.status.rawValue,
            at: context.now
        )
        try context.transaction.notify(JobEvents.changed(job))
    }

    private func insert(
        _ steps: [(number: Int, name: String, status: JobStatus, message: String?)],
        of job: Job,
        in context: ResourceWriteContext<Principal>
    ) throws {
        for step in steps {
            let id = context.newID()
            let output = "\(address.publicURL)/tfoutput/v1/organization/\(job.organizationID)/job/\(job.id)/step/\(id)"
            try context.transaction.execute(
                """
                INSERT INTO step (id, job_id, step_number, name, status, output, message)
                VALUES (\(id), \(job.id), \(step.number), \(String(step.name.prefix(128))), \(step.status), \(output), \(step.message))
                """
            )
            if let message = step.message {
                try LogStore(context.transaction).append(Data("Error: \(message)\n".utf8), at: 0, step: id)
            }
        }
    }

    private func takeFlow(into draft: inout ResourceDraft, organization: String, in connection: any SQLConnection) throws {
        if let template: String = try draft.value("template_reference") {
            let row = try connection.row(
                "SELECT tcl FROM template WHERE id = \(template) AND organization_id = \(organization)"
            )
            guard let row else {
                throw APIError.invalid(attribute: "templateReference", "There is no template \(template) in this organization.")
            }
            draft.set("tcl", try row.find("tcl", as: String.self) ?? "")
        } else if try draft.value("tcl", as: String.self) == nil {
            throw APIError.invalid(attribute: "templateReference", "A job needs a templateReference, or a flow of its own in tcl.")
        }
    }

    private func pinConfiguration(
        into draft: inout ResourceDraft,
        of workspace: Workspace,
        in connection: any SQLConnection
    ) throws {
        guard workspace.takesUploads else { return }
        guard let version = try ConfigurationVersionStore(connection).newestUploaded(workspace: workspace.id) else {
            throw APIError.conflict("The workspace \(workspace.name) has no uploaded configuration yet, and no repository.")
        }
        draft.set("configuration_version_id", version.id)
    }

    /// Addresses reach Terraform's command line as `-target=…`: they can't begin another option there, and must not
    /// hold what no address holds.
    private func requireAddresses(_ draft: ResourceDraft) throws {
        for (column, attribute) in [("target_addrs", "targetAddrs"), ("replace_addrs", "replaceAddrs")] {
            guard let text: String = try draft.value(column) else { continue }
            let addresses = try JSONDecoder().decode([String].self, from: Data(text.utf8))
            let isGood = addresses.allSatisfy {
                $0.isEmpty == false && $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } && $0.count <= 256
            }
            guard isGood, addresses.count <= 500 else {
                throw APIError.invalid(attribute: attribute, "Each address must have 1 to 256 characters, without control characters.")
            }
        }
    }

    // MARK: Deciding

    /// Authorises what somebody does to a job.
    ///
    /// - Throws: `APIError` 403 or 409.
    func authorize(
        _ transition: JobTransition,
        of job: Job,
        by principal: Principal,
        in connection: any SQLConnection
    ) throws {
        let granted = try WorkspaceAccess(connection).granted(workspace: job.workspaceID, to: principal)
        switch transition {
        case .cancel:
            guard granted.isDisjoint(with: [.planJob, .approveJob]) == false else {
                throw APIError.forbidden("Cancelling a job needs the permission planJob or approveJob.")
            }
        case .approve, .reject:
            // Without a team, whoever can see the job may decide: so Terrakube's templates expect it (api.md §1.15).
            let isTeamMember = job.approvalTeam.map(principal.groups.contains) ?? true
            guard isTeamMember || granted.contains(.approveJob) else {
                throw APIError.forbidden("Only the team \(job.approvalTeam ?? "") may decide about this job.")
            }
        }
    }

    /// - Throws: `APIError` 409 while an executor has a job of the workspace: what it changes must not lose its state.
    package static func requireIdle(workspace: String, in context: ResourceWriteContext<Principal>) throws {
        let running = try JobStore(context.transaction).unfinished(workspace: workspace).first { $0.executor != nil }
        if let running { throw APIError.conflict("The job \(running.id) still runs in the workspace: cancel it first.") }
    }

    /// Carries out what has been authorised.
    func carryOut(_ transition: JobTransition, on job: Job, in transaction: any SQLTransaction, now: Date) throws {
        let lifecycle = JobLifecycle(transaction, now: now)
        switch transition {
        case .approve: try lifecycle.approve(job)
        case .reject: try lifecycle.end(job, as: .rejected, rest: .failed)
        case .cancel: try lifecycle.cancel(job)
        }
    }
}
