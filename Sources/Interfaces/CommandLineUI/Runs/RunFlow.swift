import Foundation

/// The flow of a run from the command line.
struct RunFlow: Equatable {
    let destroys: Bool
    let applies: Bool
    /// Whether a person decides between plan and apply.
    let asks: Bool

    /// As a job takes it: base64 of YAML.
    var tcl: String {
        Data(yaml.utf8).base64EncodedString()
    }

    var yaml: String {
        var text = """
            flow:
            - type: "\(destroys ? "terraformPlanDestroy" : "terraformPlan")"
              step: 100
              name: "Plan"

            """
        guard applies else { return text }
        if asks {
            text += """
                - type: "approval"
                  step: 150
                  name: "Approve"

                """
        }
        return text + """
            - type: "terraformApply"
              step: 200
              name: "\(destroys ? "Destroy" : "Apply")"

            """
    }
}
