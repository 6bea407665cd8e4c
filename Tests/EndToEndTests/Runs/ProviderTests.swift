import Foundation
import NIOHTTP1
import TestSupport
import Testing

/// A real provider against a strict fake of the cloud: AWS, from a mirror folder, against moto.
@Suite(.enabled(if: ProviderMirror.folder != nil, "no folder with the AWS provider is on this machine"), .timeLimit(.minutes(10)))
struct ProviderTests {
    @Test("a run with the AWS provider creates a bucket")
    func bucket() async throws {
        let folder = try #require(ProviderMirror.folder)
        try await MotoServer.with { moto in
            try await withServerProcess(environment: ["TERRAKUBE_PLUGIN_DIR": folder]) { _, client in
                let project = try await Project.make(on: client)
                try await project.setVariable("AWS_ACCESS_KEY_ID", "test", ["category": "ENV"])
                try await project.setVariable("AWS_SECRET_ACCESS_KEY", "test-secret", ["category": "ENV", "sensitive": true])
                try await project.upload(
                    """
                    terraform {
                      required_providers {
                        aws = { source = "hashicorp/aws" }
                      }
                    }
                    provider "aws" {
                      region                      = "eu-central-1"
                      skip_credentials_validation = true
                      skip_metadata_api_check     = true
                      skip_requesting_account_id  = true
                      s3_use_path_style           = true
                      endpoints {
                        s3  = "\(moto)"
                        sts = "\(moto)"
                      }
                    }
                    resource "aws_s3_bucket" "logs" { bucket = "terrakube-logs" }
                    output "bucket" { value = aws_s3_bucket.logs.id }
                    """
                )
                let run = try await project.start(Flow.planAndApply)
                #expect(try await run.end() == "completed")
                #expect(try await run.log(step: 0).contains("aws_s3_bucket.logs"))
                #expect(try await run.log(step: 1).contains("Apply complete! Resources: 1 added"))
                #expect(try await client.send(.HEAD, "\(moto)/terrakube-logs").status == 200)
            }
        }
    }
}

/// AWS in a process: `moto_server`.
enum MotoServer {
    struct DidNotStart: Error {
        let output: String
    }

    /// - Parameter body: Gets the server's URL.
    static func with(_ body: (String) async throws -> Void) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["moto_server", "--host", "127.0.0.1", "--port", "0"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        var output = ""
        for await line in ServerProcess.lines(of: pipe.fileHandleForReading) {
            output += line + "\n"
            if let match = line.firstMatch(of: /Running on (http:\/\/127\.0\.0\.1:\d+)/) {
                return try await body(String(match.1))
            }
        }
        throw DidNotStart(output: output)
    }
}
