import Foundation

/// The directory of one job, from its first step to its last.
///
/// What has been done in it is read from the files themselves, so there is no second account of it to keep in step.
struct JobDirectory: Sendable, Hashable {
    static let planFile = "terraformLibrary.tfPlan"
    static let lockFile = ".terraform.lock.hcl"

    /// An absolute path below the executor's work directory.
    let root: String

    /// The source as it came: the root of the repository or the archive.
    var checkout: String { "\(root)/source" }
    /// The home directory of everything that runs.
    var home: String { "\(root)/home" }
    /// Where scripts may put programs for later scripts; on their search path.
    var tools: String { "\(root)/tools" }
    var scripts: String { "\(root)/scripts" }
    /// Hard links to plans whose documents are still being read.
    var documents: String { "\(root)/documents" }
    /// This job's view of the shared plugin cache.
    var plugins: String { "\(root)/plugins" }
    var cliConfiguration: String { "\(root)/terraform.rc" }
    /// Scripts write `KEY=VALUE` lines here for what runs after them.
    var scriptEnvironment: String { "\(root)/script.env" }
    private var initializedMarker: String { "\(root)/initialized" }
    private var appliedMarker: String { "\(root)/applied" }

    /// Whether `init` succeeded here.
    var isInitialized: Bool { PrivateFile.exists(initializedMarker) }
    /// Whether the stored plan of the job was applied here.
    var isPlanApplied: Bool { PrivateFile.exists(appliedMarker) }

    func create() throws {
        remove()
        try makeFolders()
    }

    /// Makes the folders that are missing, which are all of them or those that `seal` removed.
    func makeFolders() throws {
        for path in [root, home, tools, scripts, documents] where !PrivateFile.exists(path) {
            try PrivateFile.makeDirectory(path)
        }
    }

    func markInitialized() throws {
        try PrivateFile.write("", to: initializedMarker)
    }

    /// A plan can be applied once.
    func markPlanApplied(in folder: String) throws {
        try PrivateFile.write("", to: appliedMarker)
        try? FileManager.default.removeItem(atPath: "\(folder)/\(Self.planFile)")
    }

    /// A new plan supersedes an applied one.
    func markPlanned() {
        try? FileManager.default.removeItem(atPath: appliedMarker)
    }

    /// Removes what may hold secrets, for the time in which nothing runs here. All of it is made again.
    func seal(folder: String) {
        let files = [
            "\(folder)/\(Self.planFile)", "\(folder)/\(TerraformVariables.fileName)", cliConfiguration, home, scripts, documents,
        ]
        for file in files { try? FileManager.default.removeItem(atPath: file) }
    }

    func remove() {
        guard PrivateFile.exists(root), (try? FileManager.default.removeItem(atPath: root)) == nil else { return }
        // Some programs protect what they make, such as Go its modules.
        Self.makeWritable(root)
        try? FileManager.default.removeItem(atPath: root)
    }

    private static func makeWritable(_ folder: String) {
        guard PrivateFile.isRealDirectory(folder) else { return }
        try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] { makeWritable("\(folder)/\(name)") }
    }
}
