import Mustache

/// The templates of the pages and of their parts, by the names under which they include each other.
enum PageTemplate: String, CaseIterable {
    case layout
    case error
    case signIn = "sign-in"
    case runList = "run-list"
    case run
    case runStatus = "run-status"
    case runDecision = "run-decision"
    case runLive = "run-live"
    case step
    case stepSummary = "step-summary"
    case stepNote = "step-note"
    case elapsed
    case reference
    case referenceType = "reference-type"
    case consent
    case device

    /// All of them, parsed.
    ///
    /// - Throws: The parser's error for a template that is broken.
    static func library() throws -> MustacheLibrary {
        // The library offers no other way to bring an escaping of one's own; the same again changes nothing.
        MustacheContentTypes.register(ScalarHTML(), named: ScalarHTML.name)
        var library = MustacheLibrary()
        for template in allCases {
            let text = "{{% CONTENT_TYPE: \(ScalarHTML.name)}}\n" + String(decoding: template.source, as: UTF8.self)
            try library.register(text, named: template.rawValue)
        }
        return library
    }

    private var source: [UInt8] {
        switch self {
        case .layout: PackageResources.layout_mustache
        case .error: PackageResources.error_mustache
        case .signIn: PackageResources.sign_in_mustache
        case .runList: PackageResources.run_list_mustache
        case .run: PackageResources.run_mustache
        case .runStatus: PackageResources.run_status_mustache
        case .runDecision: PackageResources.run_decision_mustache
        case .runLive: PackageResources.run_live_mustache
        case .step: PackageResources.step_mustache
        case .stepSummary: PackageResources.step_summary_mustache
        case .stepNote: PackageResources.step_note_mustache
        case .elapsed: PackageResources.elapsed_mustache
        case .reference: PackageResources.reference_mustache
        case .referenceType: PackageResources.reference_type_mustache
        case .consent: PackageResources.consent_mustache
        case .device: PackageResources.device_mustache
        }
    }
}
