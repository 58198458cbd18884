"""What the platforms of Meta have in common: the Graph API."""
