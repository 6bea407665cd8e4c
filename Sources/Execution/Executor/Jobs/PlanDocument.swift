import Foundation
import Logging
import Tools
import Wire

/// `show -json` of a plan, made and handed over beside whatever the job does next.
struct PlanDocument: Sendable {
    /// A plan of tens of thousands of resources stays below this size, in bytes.
    private static let limit = 512 << 20

    let kit: ExecutorKit
    let lease: JobLease
    let stepID: String
    let prepared: PreparedJob
    let environment: ChildEnvironment
    /// A link to the plan file: an apply may use the file itself up meanwhile. Removed when the document is made.
    let plan: String

    /// A plan without a document is applied all the same, so a failure is only noted.
    func publish() async {
        defer { try? FileManager.default.removeItem(atPath: plan) }
        let command = ToolCommand(
            executable: prepared.binary,
            arguments: TerraformArguments.showPlan(plan),
            environment: environment.variables,
            directory: prepared.folder
        )
        do {
            let document = try await kit.runner.require(command, limit: Self.limit)
            try await kit.persistently { try await kit.control.storePlanDocument(document, step: stepID, lease: lease) }
        } catch let error where !(error is LeaseLost || error is CancellationError) {
            kit.logger.error("A plan has no document", metadata: ["step": "\(stepID)", "error": "\(error)"])
        } catch {
            return
        }
    }
}
