import ArgumentParser
import Testing

@testable import CommandLineUI

struct RunCommandTests {
    @Test("the defaults are a question before the apply, in the organization default")
    func defaults() throws {
        let command = try #require(try RunCommand.parseAsRoot([]) as? RunCommand)
        #expect(command.approval == .ask)
        #expect(command.organization == "default")
        #expect(command.workspace == nil)
        #expect(command.dir == ".")
    }

    @Test(
        "flags choose what happens to the plan",
        arguments: [("--auto-approve", RunFlow.Approval.automatic), ("--plan-only", .planOnly)]
    )
    func approval(flag: String, approval: RunFlow.Approval) throws {
        let command = try #require(try RunCommand.parseAsRoot([flag]) as? RunCommand)
        #expect(command.approval == approval)
    }

    @Test(
        "what contradicts itself is refused",
        arguments: [["--auto-approve", "--plan-only"], ["--workspace", ""], ["--token", "x"]]
    )
    func refused(arguments: [String]) {
        #expect(throws: (any Error).self) { try RunCommand.parseAsRoot(arguments) }
    }

    @Test("every verb has its help", arguments: ["run", "organization", "workspace", "job"])
    func help(verb: String) throws {
        let command = try #require(ClientCommands.all.first { $0._commandName == verb })
        #expect(command.helpMessage().contains("USAGE"))
    }
}
