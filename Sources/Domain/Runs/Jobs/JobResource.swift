import Database
import Identity
package import JSONAPI
package import Service
import Workspaces

/// The native shape of a job. A PATCH of its status approves, rejects or cancels.
package struct JobResource: Sendable {
    private let rules: JobRules

    package init(address: ServerAddress) {
        rules = JobRules(address: address)
    }

    package var schema: ResourceSchema<Principal> {
        ResourceSchema(
            type: "job",
            identity: .integer,
            isAudited: true,
            attributes: [
                ResourceAttribute("status", .enumeration(JobStatus.allCases.map(\.rawValue)), isRequired: true, defaultValue: "pending"),
                ResourceAttribute("output", .string(limit: 1024), mutability: .ignored),
                ResourceAttribute("comments", .string(limit: 512)),
                ResourceAttribute("commitId", .string(limit: 64), mutability: .ignored),
                ResourceAttribute("terraformPlan", .string(limit: 1024), mutability: .ignored),
                ResourceAttribute("approvalTeam", .string(limit: 64), mutability: .ignored),
                ResourceAttribute("tcl", .string(limit: 1_000_000), mutability: .onCreate),
                ResourceAttribute("templateReference", .string(limit: 36), mutability: .onCreate),
                ResourceAttribute("overrideSource", .string(limit: 256), mutability: .ignored),
                ResourceAttribute("overrideBranch", .string(limit: 128), mutability: .onCreate),
                ResourceAttribute("via", .string(limit: 64), isRequired: true, defaultValue: "UI", mutability: .onCreate),
                ResourceAttribute("refresh", .boolean, isRequired: true, defaultValue: true, mutability: .onCreate),
                ResourceAttribute("refreshOnly", .boolean, isRequired: true, defaultValue: false, mutability: .onCreate),
                ResourceAttribute("planChanges", .boolean, isRequired: true, defaultValue: true, mutability: .onCreate),
                ResourceAttribute("prNumber", .integer, mutability: .ignored),
                ResourceAttribute("prCommentError", .string(limit: 1024), mutability: .ignored),
                ResourceAttribute("targetAddrs", .strings, mutability: .onCreate),
                ResourceAttribute("replaceAddrs", .strings, mutability: .onCreate),
            ],
            relationships: [
                .toOne("organization", isWritable: false),
                .toOne("workspace"),
                .toMany("step", column: "job_id"),
                .toMany("address", column: "job_id"),
            ],
            ignoredAttributes: ["command"],
            isReadable: { principal, row in WorkspaceAccess.isReadable(principal, workspace: row["workspace_id"]) },
            writing: ResourceWriting(
                create: { draft, context in try rules.prepare(&draft, in: context) },
                created: { draft, context in try rules.complete(draft, in: context) },
                update: { draft, context in
                    let job = try storedJob(of: draft, in: context)
                    if let transition = try transition(of: draft, from: job) {
                        try rules.authorize(transition, of: job, by: context.caller, in: context.transaction)
                    }
                    if draft.changes("comments") || draft.changes("workspace_id") {
                        try WorkspaceAccess(context.transaction).require(.planJob, workspace: job.workspaceID, for: context.caller)
                    }
                    if draft.changes("workspace_id") {
                        throw APIError.invalid(relationship: "workspace", "A job stays in its workspace.")
                    }
                },
                updated: { draft, context in
                    let job = try storedJob(of: draft, in: context)
                    guard let transition = try transition(of: draft, from: job) else { return }
                    try rules.carryOut(transition, on: job, in: context.transaction, now: context.now)
                }
            )
        )
    }

    /// The job as it was before the write.
    private func storedJob(of draft: ResourceDraft, in context: ResourceWriteContext<Principal>) throws -> Job {
        guard let row = draft.previous else { throw APIError.notFound("There is no job \(draft.id).") }
        return try JobStore(context.transaction).job(row)
    }

    private func transition(of draft: ResourceDraft, from job: Job) throws -> JobTransition? {
        guard draft.changes("status"), let wanted = try draft.value("status", as: JobStatus.self) else { return nil }
        return try JobTransition(from: job.status, to: wanted)
    }
}
