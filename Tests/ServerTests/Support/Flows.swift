import Foundation

/// Flows that tests run.
enum Flows {
    static let plan = """
        flow:
        - type: terraformPlan
          step: 100
          name: Plan
        """

    static let planAndApply = """
        flow:
        - type: terraformPlan
          step: 100
          name: Plan
        - type: terraformApply
          step: 200
          name: Apply
        """

    static let script = """
        flow:
        - type: customScripts
          step: 100
          commands:
          - runtime: BASH
            script: "true"
        """

    /// Plan, approval, apply.
    ///
    /// - Parameter team: Nil: anybody who sees the job may approve.
    static func approved(by team: String?) -> String {
        """
        flow:
        - type: terraformPlan
          step: 100
          name: Plan
        - type: approval
          step: 150
          name: Approve\(team.map { "\n  team: \($0)" } ?? "")
        - type: terraformApply
          step: 200
          name: Apply
        """
    }
}

extension String {
    /// As templates and jobs hold a flow.
    var base64: String { Data(utf8).base64EncodedString() }
}
