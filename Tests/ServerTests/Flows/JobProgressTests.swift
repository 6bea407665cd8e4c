import Testing

@testable import Runs

struct JobProgressTests {
    @Test("the first step that is open decides what comes next")
    func next() throws {
        let flow = try FlowParser().parse(yaml: Flows.approved(by: "release"))
        func next(_ statuses: [JobStatus], auto: Bool = false) -> JobProgress.Next {
            JobProgress.next(
                flow: flow,
                steps: zip([100, 150, 200], statuses).map { JobProgress.Step(number: $0, status: $1) },
                isAutoApplied: auto
            )
        }
        #expect(next([.pending, .pending, .pending]) == .run(step: 100))
        #expect(next([.completed, .pending, .pending]) == .wait(step: 150, team: "release"))
        #expect(next([.completed, .pending, .pending], auto: true) == .run(step: 150))
        #expect(next([.completed, .approved, .pending]) == .run(step: 150))
        #expect(next([.completed, .completed, .pending]) == .run(step: 200))
        #expect(next([.completed, .completed, .running]) == .run(step: 200))
        #expect(next([.completed, .completed, .completed]) == .end(.completed, rest: .notExecuted))
    }

    @Test("a workspace starts its oldest job, one at a time, and none while it is locked")
    func queue() {
        func decide(_ jobs: [(JobStatus, Bool)], _ workspace: QueueSnapshot.WorkspaceState = .open) -> QueueSnapshot.Decision {
            let entries = jobs.enumerated().map { QueueSnapshot.Entry(id: $0.offset, status: $0.element.0, isClaimed: $0.element.1) }
            return QueueSnapshot(workspace: workspace, jobs: entries).decide()
        }
        #expect(decide([]) == .hold)
        #expect(decide([(.pending, false), (.pending, false)]) == .start(job: 0))
        #expect(decide([(.approved, false), (.pending, false)]) == .start(job: 0))
        #expect(decide([(.pending, false)], .locked) == .hold)
        for busy in [(JobStatus.queue, false), (.running, true), (.waitingApproval, false), (.cancelled, true)] {
            #expect(decide([busy, (.pending, false)]) == .hold)
        }
        #expect(decide([(.cancelled, true), (.running, true), (.pending, false)], .gone) == .cancel(jobs: [1, 2]))
        #expect(decide([(.cancelled, true)], .gone) == .hold)
    }
}
