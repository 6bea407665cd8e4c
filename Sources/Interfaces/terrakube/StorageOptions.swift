import ArgumentParser
import Server

/// Where the data is: for the server, and for the verbs that work without one.
struct StorageOptions: ParsableArguments {
    @Option(help: "The folder that holds everything. [TERRAKUBE_DATA_DIR, ./terrakube-data]")
    var dataDir: String?

    @Option(
        help:
            "sqlite:/path or postgres://…; may hold a password, so prefer the variable. [TERRAKUBE_DATABASE_URL, sqlite: in the data directory]"
    )
    var databaseURL: String?

    func configuration(environment: [String: String]) throws -> ServerConfiguration {
        func value(_ flag: String?, _ variable: String) -> String? {
            flag ?? environment["TERRAKUBE_\(variable)"].flatMap { $0.isEmpty ? nil : $0 }
        }
        var configuration = ServerConfiguration()
        configuration.environment = environment
        if let directory = value(dataDir, "DATA_DIR") { configuration.dataDirectory = directory }
        configuration.databaseURL = value(databaseURL, "DATABASE_URL")
        configuration.secretKey = value(nil, "SECRET_KEY")
        configuration.administratorPassword = value(nil, "ADMIN_PASSWORD")
        if let group = value(nil, "ADMIN_GROUP") { configuration.administratorGroup = group }
        return configuration
    }
}
