@main struct Terrakube { static func main() {} }
