"""The texts of mails by language (YAML)."""
