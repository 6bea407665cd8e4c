import Foundation
import Glibc
import SystemPackage

/// Opens what a child reads from, without a task that feeds it: a child that exits before it has read everything
/// would otherwise end the server by SIGPIPE.
enum InputDescriptor {
    /// What a pipe holds without a reader (Linux, pipe(7)).
    private static let pipeCapacity = 65_536

    static func open(_ input: ToolInput) throws -> FileDescriptor {
        switch input {
        case .none: try open(path: "/dev/null")
        case .file(let path): try open(path: path)
        case .data(let data) where data.count <= pipeCapacity: try pipe(holding: data)
        case .data(let data): try anonymousFile(holding: data)
        }
    }

    private static func open(path: String) throws -> FileDescriptor {
        do {
            return try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
        } catch let error as Errno {
            throw ToolError.couldNotStart("cannot read \(path): \(error)")
        }
    }

    private static func pipe(holding data: Data) throws -> FileDescriptor {
        let pipe = try ChildPipe()
        try pipe.writeEnd.closeAfter { _ = try pipe.writeEnd.writeAll(data) }
        return pipe.readEnd
    }

    private static func anonymousFile(holding data: Data) throws -> FileDescriptor {
        let path = FilePath(NSTemporaryDirectory()).appending("terrakube-input-\(UUID().uuidString)")
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(
                path,
                .readWrite,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: .ownerReadWrite
            )
        } catch let error as Errno {
            throw ToolError.couldNotStart("no temporary file for the program's input: \(error)")
        }
        unlink(path.string)
        do {
            try file.writeAll(data)
            try file.seek(offset: 0, from: .start)
            return file
        } catch {
            try? file.close()
            throw error
        }
    }
}
