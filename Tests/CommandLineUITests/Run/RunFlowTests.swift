import Testing

@testable import CommandLineUI

struct RunFlowTests {
    @Test("runs without a question use the organization's templates")
    func templates() {
        #expect(RunFlow(destroys: false, approval: .planOnly) == .template("Plan"))
        #expect(RunFlow(destroys: false, approval: .automatic) == .template("Plan and apply"))
    }

    @Test("a run with a question brings its own steps")
    func ask() {
        let yaml = """
            flow:
            - { type: "terraformPlan", step: 100, name: "Plan" }
            - { type: "approval", step: 150, name: "Approve" }
            - { type: "terraformApply", step: 200, name: "Apply" }

            """
        #expect(RunFlow(destroys: false, approval: .ask) == .inline(yaml))
    }

    @Test(
        "to destroy is to apply a plan that destroys",
        arguments: [
            (RunFlow.Approval.ask, ["terraformPlanDestroy", "approval", "terraformApply"]),
            (.automatic, ["terraformPlanDestroy", "terraformApply"]),
            (.planOnly, ["terraformPlanDestroy"]),
        ]
    )
    func destroy(approval: RunFlow.Approval, types: [String]) throws {
        guard case .inline(let yaml) = RunFlow(destroys: true, approval: approval) else {
            Issue.record("a destroying run has steps of its own")
            return
        }
        #expect(yaml.matches(of: /type: "(\w+)"/).map { String($0.1) } == types)
    }
}
