import ServiceLifecycle

/// A service that writes addresses of this server into what it makes: it begins when they are known.
struct AddressedService: ServiceLifecycle.Service {
    let service: any ServiceLifecycle.Service
    /// Ends when the server listens.
    let addressed: AsyncStream<Never>

    func run() async throws {
        for await _ in addressed.cancelOnGracefulShutdown() {}
        try await service.run()
    }
}
