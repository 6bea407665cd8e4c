package import BlobStore
package import Foundation
import Wire

/// The plans of steps: the file that an apply uses, and its readable form.
package struct PlanStore: Sendable {
    /// Which step of which job. The keys are Terrakube's (executor.md §5).
    package struct Key: Sendable, Hashable {
        let organization: String
        let workspace: String
        let job: Int
        let step: String

        package init(organization: String, workspace: String, job: Int, step: String) {
            self.organization = organization
            self.workspace = workspace
            self.job = job
            self.step = step
        }

        private var folder: String { "tfstate/\(organization)/\(workspace)/\(job)/\(step)" }
        fileprivate var plan: String { "\(folder)/terraformLibrary.tfPlan" }
        fileprivate var lockFile: String { "\(folder)/.terraform.lock.hcl" }
        fileprivate var document: String { "\(folder)/plan.json" }
    }

    private let blobs: any BlobStore

    package init(blobs: any BlobStore) {
        self.blobs = blobs
    }

    func put(_ bundle: PlanBundle, at key: Key) async throws {
        if let lockFile = bundle.lockFile { try await blobs.put(lockFile, at: key.lockFile) }
        try await blobs.put(bundle.plan, at: key.plan)
    }

    func bundle(at key: Key) async throws -> PlanBundle? {
        guard let plan = try await blobs.get(key.plan) else { return nil }
        return PlanBundle(plan: plan, lockFile: try await blobs.get(key.lockFile))
    }

    func put(document: Data, at key: Key) async throws {
        try await blobs.put(document, at: key.document)
    }

    /// `terraform show -json` of the plan, once it has been made.
    package func document(at key: Key) async throws -> Data? {
        try await blobs.get(key.document)
    }
}
