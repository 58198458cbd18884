"""What the platforms of Meta have in common: signatures, the check of an address, errors."""
