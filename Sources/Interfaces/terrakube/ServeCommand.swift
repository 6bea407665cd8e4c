import ArgumentParser
import Foundation
import Logging
import Server
import Service
import UnixSignals

/// `terrakube serve`: each option is a flag or an environment variable; the flag wins.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Start the server.")

    @OptionGroup var storage: StorageOptions

    @Option(help: "Where to listen, as HOST:PORT; port 0 picks one. [TERRAKUBE_LISTEN, 127.0.0.1:8080]")
    var listen: String?

    @Option(help: "How clients reach this server. [TERRAKUBE_PUBLIC_URL, from the listener]")
    var publicURL: String?

    @Option(help: "A PEM file with the certificate chain. [TERRAKUBE_TLS_CERTIFICATE, none: plain HTTP]")
    var tlsCertificate: String?

    @Option(help: "A PEM file with the certificate's key. [TERRAKUBE_TLS_KEY]")
    var tlsKey: String?

    @Option(help: "Where state, plans and uploads are kept. [TERRAKUBE_STORAGE_URL, file: in the data directory]")
    var storageURL: String?

    @Option(help: "How many jobs run at once; 0 leaves the work to agents. [TERRAKUBE_EXECUTORS, number of cores]")
    var executors: Int?

    func run() async throws {
        var logger = Logger(label: "terrakube", factory: { StreamLogHandler.standardError(label: $0) })
        let environment = ProcessInfo.processInfo.environment
        logger.logLevel = environment["TERRAKUBE_LOG_LEVEL"].flatMap(Logger.Level.init(rawValue:)) ?? .info
        let configuration = try configuration(environment: environment)
        let persistence = try await Persistence(configuration)
        if let password = persistence.initialPassword {
            print("The first administrator is admin, with the password \(password) (kept in the data directory).")
        }
        let server = try Server(configuration, persistence: persistence, logger: logger)
        try await server.run(signals: [.sigterm, .sigint]) { address in
            print("Terrakube is ready at \(address.publicURL)")
            fflush(nil)
        }
    }

    private func configuration(environment: [String: String]) throws -> ServerConfiguration {
        func value(_ flag: String?, _ variable: String) -> String? {
            flag ?? environment["TERRAKUBE_\(variable)"].flatMap { $0.isEmpty ? nil : $0 }
        }
        var configuration = try storage.configuration(environment: environment)
        if let listen = value(listen, "LISTEN") {
            guard let colon = listen.lastIndex(of: ":"), let port = UInt16(listen[listen.index(after: colon)...]) else {
                throw ValidationError("--listen must be HOST:PORT, such as 127.0.0.1:8080.")
            }
            configuration.host = listen[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
            configuration.port = Int(port)
        }
        configuration.publicURL = value(publicURL, "PUBLIC_URL")
        switch (value(tlsCertificate, "TLS_CERTIFICATE"), value(tlsKey, "TLS_KEY")) {
        case (let certificate?, let key?): configuration.tls = .init(certificate: certificate, key: key)
        case (nil, nil): break
        default: throw ValidationError("--tls-certificate and --tls-key belong together.")
        }
        configuration.storageURL = value(storageURL, "STORAGE_URL")
        if let executors = value(executors.map(String.init), "EXECUTORS") {
            guard let number = Int(executors), (0...1000).contains(number) else {
                throw ValidationError("--executors must be a number from 0 to 1000.")
            }
            configuration.executors = number
        }
        if let url = value(nil, "TERRAFORM_RELEASES_URL") { configuration.terraformReleasesURL = url }
        if let url = value(nil, "TOFU_RELEASES_URL") { configuration.tofuReleasesURL = url }
        if let text = value(nil, "ALLOW_PRIVATE_ENDPOINTS") {
            guard let allows = Bool(text.lowercased()) else {
                throw ValidationError("TERRAKUBE_ALLOW_PRIVATE_ENDPOINTS must be true or false.")
            }
            configuration.allowsPrivateEndpoints = allows
        }
        if let text = value(nil, "VCS_MANUAL_CONNECT_WINDOW") {
            guard let hours = Double(text), (0...8760).contains(hours) else {
                throw ValidationError("TERRAKUBE_VCS_MANUAL_CONNECT_WINDOW must be a number of hours; 0 allows no manual connection.")
            }
            configuration.manualConnectWindow = hours * 3600
        }
        configuration.pluginDirectory = value(nil, "PLUGIN_DIR")
        return configuration
    }
}
