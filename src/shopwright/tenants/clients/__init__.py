"""Clients of a tenant: who they are, what their platform accounts are reached with, who sees what of them."""
