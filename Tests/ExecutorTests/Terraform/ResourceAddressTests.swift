import Testing

@testable import Executor

@Suite("Addresses of resources")
struct ResourceAddressTests {
    @Test(
        "those of Terraform are accepted",
        arguments: [
            "aws_s3_bucket.logs", "module.network", "module.network[0].aws_subnet.private[12]", "module.a.module.b[\"x y\"].data.aws_ami.c",
            "terraform_data.x[\"a\\\"b]\"]", "null_resource.größe",
        ]
    )
    func valid(address: String) {
        #expect(ResourceAddress.isValid(address))
    }

    @Test(
        "anything else is not",
        arguments: [
            "", "-destroy", "a b.c", "a..b", "a.b[", "a.b[\"x]", "a.b[x]", ".a", "a.b\n-destroy", "a.b[0]c", "a.b[\"x\ny\"]", "$(id)",
        ]
    )
    func invalid(address: String) {
        #expect(!ResourceAddress.isValid(address))
    }
}
