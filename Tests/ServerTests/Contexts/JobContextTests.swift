import JSONAPI
import Testing

@testable import Runs

struct JobContextTests {
    @Test("what a change marks as sensitive is hidden, in objects and lists", arguments: ["planStructuredOutput", "applyStructuredOutput"])
    func changes(list: String) {
        let change: JSONValue = [
            "address": "db.main",
            "before": ["password": "old", "name": "main", "tags": ["a", "b"], "nested": ["key": "x", "other": 1]],
            "beforeSensitive": ["password": true, "tags": [false, true], "nested": ["key": true]],
            "after": ["password": "new", "name": "main", "users": [["name": "anna", "token": "t"]]],
            "afterSensitive": ["password": true, "name": false, "users": [["token": true]]],
        ]
        let shown: JSONValue = [
            "address": "db.main",
            "before": ["password": nil, "name": "main", "tags": ["a", nil], "nested": ["key": nil, "other": 1]],
            "beforeSensitive": ["password": true, "tags": [false, true], "nested": ["key": true]],
            "after": ["password": nil, "name": "main", "users": [["name": "anna", "token": nil]]],
            "afterSensitive": ["password": true, "name": false, "users": [["token": true]]],
        ]
        let plain: JSONValue = ["address": "x.y", "before": nil, "after": ["a": "b"], "afterSensitive": [:]]
        let document: JSONValue = .object([list: ["step": .array([change, plain]), "empty": []], "slackThreadId": "12"])
        #expect(
            JobContext.sanitised(document) == .object([list: ["step": .array([shown, plain]), "empty": []], "slackThreadId": "12"])
        )
    }

    @Test(
        "marks that do not fit the value hide all of it",
        arguments: [
            (["a": "secret"], true, nil), ("secret", true, nil), ("open", false, "open"), ("secret", ["a": true], nil),
            (["a"], [false, true], nil), (["a", "b"], [true], [nil, "b"]), (["a"], [:], ["a"]), (["k": "v"], [[["x": true]]], nil),
        ] as [(JSONValue, JSONValue, JSONValue)]
    )
    func oddMarks(value: JSONValue, marks: JSONValue, shown: JSONValue) {
        func document(_ value: JSONValue) -> JSONValue {
            ["planStructuredOutput": ["step": [["after": value, "afterSensitive": marks]]]]
        }
        #expect(JobContext.sanitised(document(value)) == document(shown))
    }

    @Test("the values of sensitive outputs are hidden")
    func outputs() {
        let document: JSONValue = [
            "terraformOutputs": [
                "step": [
                    ["name": "password", "type": "string", "sensitive": true, "value": "hunter2"],
                    ["name": "url", "type": "string", "sensitive": false, "value": "https://example.com"],
                    ["name": "bare", "value": ["a": 1]],
                ]
            ]
        ]
        #expect(
            JobContext.sanitised(document) == [
                "terraformOutputs": [
                    "step": [
                        ["name": "password", "type": "string", "sensitive": true, "value": nil],
                        ["name": "url", "type": "string", "sensitive": false, "value": "https://example.com"],
                        ["name": "bare", "value": ["a": 1]],
                    ]
                ]
            ]
        )
    }

    @Test("whatever else is there stays", arguments: [[:], ["planStructuredOutput": "text"], ["terraformOutputs": nil]] as [JSONValue])
    func others(document: JSONValue) {
        #expect(JobContext.sanitised(document) == document)
    }
}
