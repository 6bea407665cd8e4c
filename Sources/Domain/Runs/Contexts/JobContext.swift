package import JSONAPI

/// What the run of a job leaves for people beside its log: planned changes, outputs, and whatever its scripts put there
/// (executor.md §4.10). One JSON object, replaced as a whole.
package struct JobContext: Sendable, Equatable {
    /// Counts the replacements.
    package let version: Int
    package let document: JSONValue

    /// The lists of changes that a plan or an apply reports, by step.
    private static let changeLists = ["planStructuredOutput", "applyStructuredOutput"]
    private static let outputLists = "terraformOutputs"

    /// The document with the changes of a step's plan; what is there for the step already stays.
    static func adding(_ changes: [JSONValue], of step: String, to document: JSONValue) -> JSONValue {
        var members = document.object ?? [:]
        // Terrakube's pages show their view of a plan in place of this element.
        let marks: [(String, JSONValue)] = [
            ("planStructuredOutput", .array(changes)), ("terrakubeUI", #"<div data-terrakube-structured-plan="true"></div>"#),
        ]
        for (name, value) in marks {
            guard var steps = (members[name] ?? [:]).object, steps[step] == nil else { continue }
            steps[step] = value
            members[name] = .object(steps)
        }
        return sanitised(.object(members))
    }

    /// A document without the values that it marks as sensitive itself: they are null then. What scripts add under
    /// names of their own stays.
    static func sanitised(_ document: JSONValue) -> JSONValue {
        guard var members = document.object else { return document }
        for name in changeLists {
            members[name] = members[name]?.mappingEntries { change in
                change.hiding("before", by: "beforeSensitive").hiding("after", by: "afterSensitive")
            }
        }
        members[outputLists] = members[outputLists]?.mappingEntries { $0.hiding("value", by: "sensitive") }
        return .object(members)
    }
}

extension JSONValue {
    /// Maps every entry of the lists by step.
    fileprivate func mappingEntries(_ transform: (JSONValue) -> JSONValue) -> JSONValue {
        guard let steps = object else { return transform(self) }
        return .object(
            steps.mapValues { entries in
                entries.array.map { .array($0.map(transform)) } ?? transform(entries)
            }
        )
    }

    /// Hides of one member what another one marks.
    fileprivate func hiding(_ name: String, by marks: String) -> JSONValue {
        guard var members = object, let value = members[name], let marks = members[marks] else { return self }
        members[name] = value.hiding(marks)
        return .object(members)
    }

    /// Null wherever `marks`, which has the shape of the value, is true. Marks of another shape hide the whole value:
    /// nobody knows what they mean.
    fileprivate func hiding(_ marks: JSONValue) -> JSONValue {
        switch (self, marks) {
        case (_, true):
            return .null
        case (.object(let members), .object(let marks)):
            return .object(Dictionary(uniqueKeysWithValues: members.map { name, value in (name, value.hiding(marks[name] ?? false)) }))
        case (.array(let elements), .array(let marks)) where marks.count <= elements.count:
            let rest = repeatElement(JSONValue.boolean(false), count: elements.count - marks.count)
            return .array(zip(elements, marks + rest).map { $0.hiding($1) })
        default:
            return marks.holdsTrue ? .null : self
        }
    }

    private var holdsTrue: Bool {
        switch self {
        case .boolean(let boolean): boolean
        case .array(let elements): elements.contains(where: \.holdsTrue)
        case .object(let members): members.values.contains(where: \.holdsTrue)
        case .null, .integer, .number, .string: false
        }
    }
}
