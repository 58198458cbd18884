"""E-mail: read from a mailbox, sent by SMTP."""
