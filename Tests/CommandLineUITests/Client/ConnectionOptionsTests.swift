import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import CommandLineUI

struct ConnectionOptionsTests {
    @Test("the flag wins over the variable, and the variable over the default")
    func server() throws {
        let flagged = try ConnectionOptions.parse(["--server", "https://flag"])
        let bare = try ConnectionOptions.parse([])
        #expect(try flagged.serverURL(environment: ["TERRAKUBE_SERVER": "https://variable"]).description == "https://flag")
        #expect(try bare.serverURL(environment: ["TERRAKUBE_SERVER": "https://variable"]).description == "https://variable")
        #expect(try bare.serverURL(environment: ["TERRAKUBE_SERVER": ""]).description == "http://localhost:8080")
    }

    @Test("the token comes from the variable or from a file, without the line's end")
    func token() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending(path: "token")
            try Data("from.file\n".utf8).write(to: file)
            let environment = ["TERRAKUBE_TOKEN": "from.variable"]
            #expect(try ConnectionOptions.parse([]).token(environment: environment) == "from.variable")
            #expect(try ConnectionOptions.parse(["--token-file", file.path]).token(environment: environment) == "from.file")
        }
    }

    @Test("without a token the error says how to get one")
    func noToken() {
        let error = #expect(throws: ClientError.self) { try ConnectionOptions.parse([]).token(environment: [:]) }
        #expect(error.map { "\($0)" }?.contains("terrakube token create") == true)
    }

    @Test("a token that would begin another header is refused, and not repeated")
    func headerInjection() {
        let error = #expect(throws: ClientError.self) {
            try ConnectionOptions.parse([]).token(environment: ["TERRAKUBE_TOKEN": "abc\r\nHost: evil"])
        }
        #expect(error.map { "\($0)" }?.contains("abc") == false)
    }

    @Test("the token is no argument")
    func noTokenArgument() {
        #expect(throws: (any Error).self) { try ConnectionOptions.parse(["--token", "abc"]) }
    }
}
