"""E-mail: a mailbox with its servers (IMAP, SMTP), and the customer's mail program."""
