import Foundation
import JSONAPI
import TestSupport
import Testing
import Tools

@testable import Workspaces

/// The form that is computed here, next to the one that the real Terraform prints.
struct StateDocumentTests {
    @Test("a state is shown as the real Terraform shows it", arguments: StateDocumentTests.configurations)
    func shown(configuration: Configuration) async throws {
        let (raw, expected) = try await apply(configuration)
        let document = try StateDocument(raw)
        let shown = document.shown
        #expect(shown["values"] == expected["values"])
        #expect(shown["format_version"] == expected["format_version"])
        #expect(shown["terraform_version"] == expected["terraform_version"])
        #expect(Set(shown.memberNames) == Set(expected.memberNames))
    }

    struct Configuration: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let files: [String: String]
    }

    static let configurations = [
        Configuration(testDescription: "nothing", files: ["main.tf": ""]),
        Configuration(testDescription: "outputs of every type", files: ["main.tf": outputs]),
        Configuration(testDescription: "count and for_each", files: ["main.tf": instances]),
        Configuration(testDescription: "sensitive values", files: ["main.tf": sensitive]),
        Configuration(testDescription: "data sources", files: ["main.tf": dataSources]),
        Configuration(
            testDescription: "nested modules",
            files: ["main.tf": modules, "outer/main.tf": outerModule, "outer/inner/main.tf": innerModule]
        ),
    ]

    private static let outputs = """
        output "text" { value = "a \\"quoted\\" ü" }
        output "number" { value = 1.5 }
        output "big" { value = 12345678901234567 }
        output "yes" { value = true }
        output "nothing" { value = null }
        output "list" { value = ["a", "b"] }
        output "tuple" { value = ["a", 1, { b = [] }] }
        output "object" { value = { a = { b = { c = tomap({ d = "e" }) } } } }
        output "secret" {
          value     = "s"
          sensitive = true
        }
        """

    private static let instances = """
        resource "terraform_data" "single" { input = "x" }
        resource "terraform_data" "counted" {
          count = 12
          input = { index = count.index, list = [1, "two", null, true] }
        }
        resource "terraform_data" "each" {
          for_each         = toset(["plain", "with space", "with.dot", "with\\"quote", "ä", "$${x}", "%%{y}", "$$${z}", "a$b",
            "new\\nline", "tab\\t", "back\\\\slash", "\\u0001", "\\u2028", "\\u00a0", "\\u007f", "😀"])
          input            = each.key
          triggers_replace = [terraform_data.single.id]
        }
        resource "terraform_data" "empty" {}
        """

    private static let sensitive = """
        variable "secret" {
          default   = "s3cret"
          sensitive = true
        }
        resource "terraform_data" "whole" { input = var.secret }
        resource "terraform_data" "part" {
          input = { open = "o", closed = var.secret, deep = { closed = [1, var.secret], open = [2] }, empty = {}, none = [] }
        }
        resource "terraform_data" "list" {
          input            = [var.secret, "open"]
          triggers_replace = { secret = var.secret }
        }
        """

    private static let dataSources = """
        terraform {
          required_providers {
            terraform = { source = "terraform.io/builtin/terraform" }
          }
        }
        data "terraform_remote_state" "other" {
          backend  = "local"
          config   = { path = "other.tfstate" }
          defaults = { a = "b" }
        }
        resource "terraform_data" "after" { input = data.terraform_remote_state.other.outputs }
        """

    private static let modules = """
        module "one" { source = "./outer" }
        module "many" {
          source   = "./outer"
          for_each = toset(["a.b", "c"])
        }
        module "counted" {
          source = "./outer"
          count  = 11
        }
        resource "terraform_data" "root" { input = module.one.id }
        """

    private static let outerModule = """
        module "inner" {
          source = "./inner"
          count  = 2
        }
        resource "terraform_data" "own" { input = [for inner in module.inner : inner.id] }
        output "id" { value = terraform_data.own.id }
        """

    private static let innerModule = """
        resource "terraform_data" "leaf" { for_each = toset(["x", "y"]) }
        output "id" { value = terraform_data.leaf["x"].id }
        """

    /// - Returns: The raw state, and what Terraform prints of it.
    private func apply(_ configuration: Configuration) async throws -> (raw: Data, shown: JSONValue) {
        try await withTemporaryDirectory { directory in
            for (name, content) in configuration.files {
                let file = directory.appending(path: name)
                try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(content.utf8).write(to: file)
            }
            let other =
                "{\"version\":4,\"terraform_version\":\"1.11.4\",\"serial\":1,\"lineage\":\"x\",\"outputs\":{\"n\":{\"value\":[1],"
                + "\"type\":[\"tuple\",[\"number\"]]}},\"resources\":[]}"
            try Data(other.utf8).write(to: directory.appending(path: "other.tfstate"))
            _ = try await terraform(["init", "-input=false", "-no-color"], in: directory)
            _ = try await terraform(["apply", "-input=false", "-auto-approve", "-no-color"], in: directory)
            let shown = try await terraform(["show", "-json"], in: directory)
            let raw = try Data(contentsOf: directory.appending(path: "terraform.tfstate"))
            return (raw, try JSONValue(parsing: shown))
        }
    }

    private func terraform(_ arguments: [String], in directory: URL) async throws -> Data {
        let inherited = ProcessInfo.processInfo.environment
        let command = ToolCommand(
            executable: "terraform",
            arguments: arguments,
            environment: ["PATH": inherited["PATH"] ?? "/usr/local/bin:/usr/bin:/bin", "HOME": directory.path, "CHECKPOINT_DISABLE": "1"],
            directory: directory.path
        )
        return try await ToolRunner().require(command)
    }
}

extension JSONValue {
    fileprivate var memberNames: [String] { object.map { Array($0.keys) } ?? [] }
}
