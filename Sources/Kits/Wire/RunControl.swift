package import Foundation

/// The server as an executor sees it: in process, or over HTTP for an agent. An executor reaches no store.
///
/// Every call after `claim` carries the lease and throws `LeaseLost` when the job was taken over or has ended. Any other
/// error is taken for a passing one, and the call repeated.
package protocol RunControl: Sendable {
    /// Suspends until there is a job for this executor, and takes it.
    ///
    /// When the calling task is cancelled, it either throws without having taken a job, or returns the one it took.
    func claim(executor: String) async throws -> JobAssignment

    /// The step is about to run; `commit` is what the source is checked out at. Saying it again changes nothing.
    func begin(step: String, commit: String?, lease: JobLease) async throws

    /// Appends output of a step. Durable when it returns; sending the same chunk again changes nothing.
    func append(_ chunk: LogChunk, lease: JobLease) async throws

    /// The step has ended, and what comes next. Sending the same result again gives the same answer. A step that was
    /// cancelled before it began is completed without `begin`.
    func complete(_ result: StepResult, lease: JobLease) async throws -> NextAction

    /// Suspends until the job is cancelled. The executor may then still append to the log of the step that ran, and
    /// complete it.
    ///
    /// - Throws: `LeaseLost` when somebody else has the job, or it has ended.
    func waitForCancellation(lease: JobLease) async throws

    /// Keeps the plan file of a step for the apply that follows.
    func storePlan(_ plan: PlanBundle, step: String, lease: JobLease) async throws

    /// The plan that `storePlan` kept for this job.
    func storedPlan(lease: JobLease) async throws -> PlanBundle

    /// Keeps `terraform show -json` of a plan, for the pages and the API.
    ///
    /// It is made beside the steps that follow, so it may arrive after the step, and even the job, has ended. It is
    /// taken as long as nobody else got a higher epoch.
    func storePlanDocument(_ json: Data, step: String, lease: JobLease) async throws

    /// What git is told when the repository of this job asks who is there. Asked when it is needed: it does not last.
    ///
    /// - Parameters:
    ///   - repository: Where it will be sent.
    ///   - refused: The password that the repository has just refused, for another one.
    func sourceAccess(to repository: String, refused: String?, lease: JobLease) async throws -> SourceAccess

    /// The uploaded configuration of this job, a `.tar.gz`.
    func archive(configurationVersion: String, lease: JobLease) async throws -> Data

    /// Gives the job back unfinished, for another executor to take: this one shuts down.
    func release(lease: JobLease) async throws
}

/// The lease is no longer valid: the executor stops what it does for this job, and reports nothing more.
package struct LeaseLost: Error, Codable, Sendable {
    package init() {}
}

/// A piece of a step's output.
package struct LogChunk: Codable, Sendable, Hashable {
    package let stepID: String
    /// Where the chunk begins, in bytes from the beginning of the step's log.
    package let offset: Int
    /// UTF-8; may end inside a line but never inside a character. At most 64 KiB.
    package let bytes: Data

    package init(stepID: String, offset: Int, bytes: Data) {
        self.stepID = stepID
        self.offset = offset
        self.bytes = bytes
    }
}

/// What an apply needs to run exactly the plan that was approved, on any executor.
package struct PlanBundle: Codable, Sendable, Hashable {
    /// The file that `terraform plan -out` wrote.
    package let plan: Data
    /// `.terraform.lock.hcl` as it was after init, if there was one.
    package let lockFile: Data?

    package init(plan: Data, lockFile: Data?) {
        self.plan = plan
        self.lockFile = lockFile
    }
}
