/// How long to wait before the next try: longer each time, up to a longest.
struct Backoff: Sendable, Equatable {
    private let first: Duration
    private let longest: Duration
    private var following: Duration
    /// The waits since the last success together.
    private(set) var waited = Duration.zero

    init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = longest
        following = first
    }

    mutating func next() -> Duration {
        let delay = following
        following = min(following * 2, longest)
        waited += delay
        return delay
    }

    mutating func reset() {
        self = Backoff(first: first, longest: longest)
    }
}
