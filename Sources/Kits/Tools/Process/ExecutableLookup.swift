import Glibc

/// Finds a program as a shell would, but only in absolute folders: an empty or relative entry of a `PATH` would run
/// whatever a checked out repository put there.
package enum ExecutableLookup {
    /// - Returns: The absolute path of the first executable file of that name.
    /// - Throws: `ToolError.missingProgram`, or `ToolError.refused` for a relative path.
    package static func path(of executable: String, searchPath: String) throws -> String {
        if executable.contains("/") {
            guard executable.hasPrefix("/") else {
                throw ToolError.refused("\(executable) is a relative path; a program is given by its name or its full path")
            }
            guard isExecutable(executable) else { throw ToolError.missingProgram(executable) }
            return executable
        }
        for folder in searchPath.split(separator: ":") where folder.hasPrefix("/") {
            let candidate = "\(folder)/\(executable)"
            if isExecutable(candidate) { return candidate }
        }
        throw ToolError.missingProgram(executable)
    }

    private static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return access(path, X_OK) == 0
    }
}
