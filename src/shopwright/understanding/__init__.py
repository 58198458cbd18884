"""What a message is about: scopes, dangerous requests, attempts at the instructions, wishes for a person."""
