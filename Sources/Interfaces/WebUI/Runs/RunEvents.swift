import AsyncAlgorithms
import Foundation
import Runs
import Service
import ServiceLifecycle

/// What happens to a run, as events for its page: `steps` holds everything but the logs, again whenever it changes;
/// `log` holds the id of a step, a newline and some more of its output; `restart` says that a step begins anew; `end`
/// says that nothing more will come.
///
/// It follows the output of one step after the other, as steps run, so that a reader's position is one step and one
/// offset. It ends without `end` when the server shuts down: browsers then come back by themselves.
struct RunEvents: AsyncSequence, Sendable {
    typealias Element = ServerSentEvent

    fileprivate let run: Int
    fileprivate let start: LogPosition?
    fileprivate let jobs: JobService
    fileprivate let logs: LogService
    fileprivate let principal: Principal
    fileprivate let render: @Sendable (JobDetail) -> String

    init(
        run: Int,
        after start: LogPosition?,
        jobs: JobService,
        logs: LogService,
        principal: Principal,
        render: @escaping @Sendable (JobDetail) -> String
    ) {
        self.run = run
        self.start = start
        self.jobs = jobs
        self.logs = logs
        self.principal = principal
        self.render = render
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(self)
    }

    fileprivate enum Signal: Sendable {
        case output(Data)
        /// The step is over and its output has been read.
        case stepEnded
        /// The run or one of its steps may be different now.
        case changed
        case idle
    }

    /// The step that is followed now.
    fileprivate struct Feed {
        let step: Step
        var renderer: LogRenderer
    }

    struct Iterator: AsyncIteratorProtocol {
        private let source: RunEvents
        private var position: LogPosition
        private var feed: Feed?
        private var signals: (any AsyncIteratorProtocol<Signal, any Error>)?
        private var waiting: [ServerSentEvent] = []
        private var lastRendering = ""
        private var isFinished = false

        fileprivate init(_ source: RunEvents) {
            self.source = source
            position = source.start ?? LogPosition(step: 0, offset: 0)
        }

        mutating func next() async throws -> ServerSentEvent? {
            while waiting.isEmpty, isFinished == false {
                try await advance()
            }
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }

        private mutating func advance() async throws {
            guard let signal = try await nextSignal() else { return }
            switch signal {
            case .output(let bytes):
                show(feed?.renderer.portions(of: bytes) ?? [])
            case .stepEnded:
                if let rest = feed?.renderer.rest() { show([rest]) }
                if let step = feed?.step { position = LogPosition(step: step.number + 1, offset: 0) }
                (feed, signals) = (nil, nil)
            case .changed:
                try await look()
            case .idle:
                waiting.append(.heartbeat)
            }
        }

        /// The next signal; nil when there is none yet, as the step to follow was chosen first, or none any more.
        private mutating func nextSignal() async throws -> Signal? {
            if signals == nil {
                try await follow()
                return nil
            }
            let signal = try await signals?.next(isolation: #isolation)
            if signal == nil { isFinished = true }
            return signal
        }

        /// Follows the next step, or the run alone when there is none. Listening begins before the look at the run:
        /// what changes in between wakes us.
        private mutating func follow() async throws {
            let changes = source.jobs.changes(job: source.run).map { _ in Signal.changed }
            let run = try await source.jobs.detail(job: source.run, as: source.principal)
            show(run)
            guard let step = run.steps.first(where: { $0.number >= position.step }) else {
                if run.isOver { return end() }
                let idle = AsyncTimerSequence(interval: .seconds(15), clock: .continuous).map { _ throws in Signal.idle }
                signals = merge(idle, changes).cancelOnGracefulShutdown().makeAsyncIterator()
                return
            }
            let start = step.number == position.step ? position : LogPosition(step: step.number, offset: 0)
            let log = try await source.logs.follow(step: step.id, job: source.run, from: start.offset, as: source.principal)
            feed = Feed(step: step, renderer: LogRenderer(at: start))
            let output = log.map(Signal.init)
            signals = merge(output, changes).cancelOnGracefulShutdown().makeAsyncIterator()
        }

        /// Shows what is different now.
        private mutating func look() async throws {
            let run = try await source.jobs.detail(job: source.run, as: source.principal)
            show(run)
            guard let feed else {
                // All steps are over: the run ends, or gets nothing more from us.
                if run.isOver { end() }
                return
            }
            let step = run.steps.first { $0.id == feed.step.id }
            guard let step, let begin = feed.step.beginDate, step.beginDate != begin else { return refresh(step) }
            // An executor died and the step was taken back: its output is gone.
            position = LogPosition(step: step.number, offset: 0)
            waiting.append(ServerSentEvent("restart", id: "\(position)", data: step.id))
            (self.feed, signals) = (nil, nil)
        }

        private mutating func refresh(_ step: Step?) {
            guard let step, let renderer = feed?.renderer else { return }
            feed = Feed(step: step, renderer: renderer)
        }

        private mutating func show(_ run: JobDetail) {
            let rendering = source.render(run)
            guard rendering != lastRendering else { return }
            lastRendering = rendering
            waiting.append(ServerSentEvent("steps", data: rendering))
        }

        private mutating func show(_ portions: [LogRenderer.Portion]) {
            guard let step = feed?.step.id else { return }
            waiting += portions.map { ServerSentEvent("log", id: "\($0.end)", data: "\(step)\n\($0.html)") }
        }

        private mutating func end() {
            waiting.append(ServerSentEvent("end"))
            isFinished = true
        }
    }
}

extension RunEvents.Signal {
    fileprivate init(_ element: LogFollower.Element) {
        switch element {
        case .output(let bytes): self = .output(bytes)
        case .idle: self = .idle
        case .end: self = .stepEnded
        }
    }
}
