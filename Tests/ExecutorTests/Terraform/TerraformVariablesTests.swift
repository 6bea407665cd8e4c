import Testing
import Wire

@testable import Executor

@Suite("Terraform variables")
struct TerraformVariablesTests {
    @Test("only expressions are written to a file")
    func kinds() throws {
        let variables = try TerraformVariables(
            [JobVariable(key: "a", value: "x\n\"y\""), JobVariable(key: "b", value: "[1]", isHCL: true)],
            valuesFiles: []
        )
        #expect(variables.environment == ["TF_VAR_a": "x\n\"y\""])
        #expect(variables.file == "b = [1]\n")
    }

    @Test(
        "a value that the repository sets too goes to the file, as a string",
        arguments: ["a = 1", "  a=1", "b = 2\na = 1", "{\"b\": 1, \"a\" : 2}", "{\n  \"a\": null\n}"]
    )
    func conflict(valuesFile: String) throws {
        let variables = try TerraformVariables([JobVariable(key: "a", value: "${x} \"%{y}\\\n")], valuesFiles: [valuesFile])
        #expect(variables.environment == [:])
        #expect(variables.file == #"a = "$${x} \"%%{y}\\\n""# + "\n")
    }

    @Test("another name is no conflict", arguments: ["ab = 1", "b = a", "# a is not set", "x = \"a\""])
    func noConflict(valuesFile: String) throws {
        #expect(try TerraformVariables([JobVariable(key: "a", value: "1")], valuesFiles: [valuesFile]).file == nil)
    }
}
