import Wire

/// The command lines of Terraform and OpenTofu. They hold no value of a variable and no secret.
enum TerraformArguments {
    /// The backend is given by environment variables and an override file, so there is nothing to ask.
    static let initialize = ["init", "-input=false"]

    /// - Throws: `StepFailure` when an address is none.
    static func plan(_ options: PlanOptions, destroy: Bool) throws -> [String] {
        try ["plan", "-input=false", "-out=\(JobDirectory.planFile)", "-detailed-exitcode"]
            + (destroy ? ["-destroy"] : []) + planning(options, destroy: destroy)
    }

    static let applyPlan = ["apply", "-input=false", JobDirectory.planFile]

    /// Plans and applies at once.
    static func apply(_ options: PlanOptions) throws -> [String] {
        try ["apply", "-input=false", "-auto-approve"] + planning(options, destroy: false)
    }

    static func destroy(_ options: PlanOptions) throws -> [String] {
        try ["destroy", "-input=false", "-auto-approve"] + planning(options, destroy: true)
    }

    static func showPlan(_ path: String) -> [String] {
        ["show", "-json", path]
    }

    private static func planning(_ options: PlanOptions, destroy: Bool) throws -> [String] {
        for address in options.targets + options.replacements where !ResourceAddress.isValid(address) {
            throw StepFailure("\(address.debugDescription) is not the address of a resource or module.")
        }
        var arguments: [String] = []
        // Terraform refuses `-refresh-only` beside any of the other modes.
        let isRefreshOnly = options.refreshOnly && !destroy
        if isRefreshOnly { arguments.append("-refresh-only") }
        if !options.refresh, !isRefreshOnly { arguments.append("-refresh=false") }
        arguments += options.targets.map { "-target=\($0)" }
        if !isRefreshOnly, !destroy { arguments += options.replacements.map { "-replace=\($0)" } }
        return arguments
    }
}
