import Testing

@testable import CommandLineUI

struct RunProgressTests {
    private func step(_ number: Int, _ status: JobStatus) -> Job.Step {
        Job.Step(id: "s\(number)", number: number, name: "Step \(number)", status: status)
    }

    private func job(_ status: JobStatus, _ steps: JobStatus...) -> Job {
        Job(
            id: "1",
            status: status,
            message: nil,
            workspace: nil,
            via: nil,
            createdBy: nil,
            createdDate: nil,
            steps: steps.enumerated().map { step($0.offset + 1, $0.element) }
        )
    }

    @Test("a run is followed step by step to its end")
    func wholeRun() {
        var progress = RunProgress()
        #expect(progress.next(job(.pending, .pending, .pending)) == .wait)
        #expect(progress.next(job(.queue, .pending, .pending)) == .wait)
        #expect(progress.next(job(.running, .pending, .pending)) == .follow(step(1, .pending)))
        #expect(progress.next(job(.running, .completed, .pending)) == .report(step(1, .completed), .succeeded))
        #expect(progress.next(job(.running, .completed, .pending)) == .follow(step(2, .pending)))
        #expect(progress.next(job(.completed, .completed, .completed)) == .report(step(2, .completed), .succeeded))
        #expect(progress.next(job(.completed, .completed, .completed)) == .end(.completed))
    }

    @Test("a job that ended before anybody looked is shown whole")
    func late() {
        var progress = RunProgress()
        let done = job(.completed, .completed)
        #expect(
            [progress.next(done), progress.next(done), progress.next(done)] == [
                .follow(step(1, .completed)), .report(step(1, .completed), .succeeded), .end(.completed),
            ]
        )
    }

    @Test("a plan that waits for approval asks, and goes on once it is approved")
    func approval() {
        var progress = RunProgress()
        _ = progress.next(job(.running, .running, .pending, .pending))
        let waiting = job(.waitingApproval, .completed, .pending, .pending)
        #expect(progress.next(waiting) == .report(step(1, .completed), .succeeded))
        #expect(progress.next(waiting) == .decide)
        #expect(progress.next(waiting) == .decide)
        let approved = job(.approved, .completed, .completed, .pending)
        #expect(progress.next(approved) == .follow(step(2, .completed)))
        #expect(progress.next(approved) == .report(step(2, .completed), .succeeded))
        #expect(progress.next(approved) == .wait)
        #expect(progress.next(job(.running, .completed, .completed, .pending)) == .follow(step(3, .pending)))
    }

    @Test("steps after a failure never ran, whatever the server calls them")
    func failure() {
        var progress = RunProgress()
        _ = progress.next(job(.running, .running, .pending))
        let failed = job(.failed, .failed, .failed)
        #expect(progress.next(failed) == .report(step(1, .failed), .failed))
        #expect(progress.next(failed) == .report(step(2, .failed), .skipped))
        #expect(progress.next(failed) == .end(.failed))
    }

    @Test("a plan without changes leaves the apply out")
    func noChanges() {
        var progress = RunProgress()
        _ = progress.next(job(.running, .running, .pending))
        let done = job(.completed, .completed, .notExecuted)
        #expect(progress.next(done) == .report(step(1, .completed), .succeeded))
        #expect(progress.next(done) == .report(step(2, .notExecuted), .skipped))
        #expect(progress.next(done) == .end(.completed))
    }

    @Test("after a rejection nothing ran")
    func rejection() {
        var progress = RunProgress()
        _ = progress.next(job(.running, .running, .pending, .pending))
        _ = progress.next(job(.waitingApproval, .completed, .pending, .pending))
        let rejected = job(.rejected, .completed, .failed, .failed)
        #expect(progress.next(rejected) == .report(step(2, .failed), .skipped))
        #expect(progress.next(rejected) == .report(step(3, .failed), .skipped))
        #expect(progress.next(rejected) == .end(.rejected))
    }

    @Test("a job that is cancelled ends, even while a step is still open")
    func cancellation() {
        var progress = RunProgress()
        #expect(progress.next(job(.cancelled, .running)) == .end(.cancelled))
    }

    @Test("an open step is followed once, however often it is looked at")
    func once() {
        var progress = RunProgress()
        #expect(progress.next(job(.running, .running)) == .follow(step(1, .running)))
        #expect(progress.next(job(.running, .running)) == .wait)
    }
}
