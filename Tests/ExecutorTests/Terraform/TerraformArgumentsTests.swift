import Testing
import Wire

@testable import Executor

@Suite("Command lines of Terraform")
struct TerraformArgumentsTests {
    private let basis = ["plan", "-input=false", "-out=terraformLibrary.tfPlan", "-detailed-exitcode"]

    @Test("options are given as Terraform takes them together")
    func plan() throws {
        #expect(try TerraformArguments.plan(PlanOptions(), destroy: false) == basis)
        #expect(try TerraformArguments.plan(PlanOptions(refresh: false), destroy: true) == basis + ["-destroy", "-refresh=false"])
        let all = PlanOptions(refresh: false, refreshOnly: true, targets: ["a.b"], replacements: ["c.d"])
        #expect(try TerraformArguments.plan(all, destroy: false) == basis + ["-refresh-only", "-target=a.b"])
        #expect(try TerraformArguments.plan(all, destroy: true) == basis + ["-destroy", "-refresh=false", "-target=a.b"])
        let replacing = PlanOptions(replacements: ["c.d"])
        #expect(try TerraformArguments.plan(replacing, destroy: false) == basis + ["-replace=c.d"])
    }

    @Test("a wrong address is refused")
    func refusal() {
        #expect(throws: StepFailure.self) { try TerraformArguments.apply(PlanOptions(replacements: ["-x"])) }
    }
}
