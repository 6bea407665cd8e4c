# A configuration that needs no cloud account and no provider: terraform_data is built into Terraform and OpenTofu.
# It shows what a run shows: a plan, resources that depend on each other, outputs.

terraform {
  required_version = ">= 1.4"
}

variable "name" {
  description = "Whom to greet."
  type        = string
  default     = "world"
}

locals {
  languages = {
    english = "Hello"
    french  = "Bonjour"
    german  = "Hallo"
  }
}

resource "terraform_data" "greeting" {
  for_each = local.languages
  input    = "${each.value}, ${var.name}!"
}

resource "terraform_data" "summary" {
  input = length(terraform_data.greeting)

  provisioner "local-exec" {
    command = "echo Greeted in ${self.input} languages."
  }
}

output "greetings" {
  description = "One greeting a language."
  value       = { for language, greeting in terraform_data.greeting : language => greeting.output }
}

output "count" {
  description = "In how many languages."
  value       = terraform_data.summary.output
}
