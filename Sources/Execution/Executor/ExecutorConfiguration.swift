/// What an executor is told when the program starts.
package struct ExecutorConfiguration: Sendable {
    /// How the server calls this executor; unique among the executors of a server.
    package var name: String
    /// How many jobs run at once.
    package var slots: Int
    /// An absolute path. `work` below it belongs to the executor alone, and so does `plugins`.
    package var dataDirectory: String
    /// The server's own environment. Of it, children get the search path, the language, proxies and trusted certificates.
    package var environment: [String: String]
    /// A folder with providers that need no download, laid out as Terraform's `filesystem_mirror`.
    package var pluginDirectory: String?
    /// Where scripts find the API, as `terrakubeApi`.
    package var apiURL: String?
    /// How long an interrupted Terraform may take to write its state, until it is killed.
    package var interruptionGrace: Duration
    /// How long running steps may go on when the program is asked to stop, until they are interrupted.
    package var shutdownGrace: Duration
    /// How many directories of paused jobs are kept.
    package var warmDirectories: Int

    package init(
        name: String,
        slots: Int,
        dataDirectory: String,
        environment: [String: String],
        pluginDirectory: String? = nil,
        apiURL: String? = nil,
        interruptionGrace: Duration = .seconds(30),
        shutdownGrace: Duration = .seconds(20),
        warmDirectories: Int = 8
    ) {
        self.name = name
        self.slots = slots
        self.dataDirectory = dataDirectory
        self.environment = environment
        self.pluginDirectory = pluginDirectory
        self.apiURL = apiURL
        self.interruptionGrace = interruptionGrace
        self.shutdownGrace = shutdownGrace
        self.warmDirectories = warmDirectories
    }

    var workDirectory: String { "\(dataDirectory)/work" }
    var pluginCache: String { "\(dataDirectory)/plugins" }
}
