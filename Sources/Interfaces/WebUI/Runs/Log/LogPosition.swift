/// How far a reader has come in the output of a run: as the id of an event it says where to go on. The steps before
/// this one have been read whole, as steps run one after the other.
///
/// Its text is `step.offset` or `step.offset.style`, such as `100.5120` or `200.64.1;31`.
struct LogPosition: Sendable, Equatable, CustomStringConvertible {
    /// The step's number in its flow.
    let step: Int
    /// Bytes of its output, always up to the end of a line.
    let offset: Int
    /// The style in which its output goes on.
    let style: ANSIStyle

    init(step: Int, offset: Int, style: ANSIStyle = .plain) {
        self.step = step
        self.offset = offset
        self.style = style
    }

    init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard text.utf8.count <= 100, parts.count >= 2, let step = Int(parts[0]), let offset = Int(parts[1]), offset >= 0 else {
            return nil
        }
        self.init(step: step, offset: offset, style: parts.count > 2 ? ANSIStyle(parameters: parts[2]) : .plain)
    }

    var description: String {
        style == .plain ? "\(step).\(offset)" : "\(step).\(offset).\(style.parameters)"
    }
}
