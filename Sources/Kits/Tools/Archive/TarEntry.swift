/// A member of a tar archive, without its content.
struct TarEntry: Equatable {
    enum Kind: Equatable {
        case file
        case directory
        case symbolicLink(target: String)
        case hardLink(target: String)
        /// A device, a FIFO, or something that this reader does not know.
        case other(UInt8)
    }

    var path: String
    var kind: Kind
    /// The permission bits.
    var mode: Int
    /// How many bytes of content follow; 0 for everything but files.
    var size: Int
}
