"""Signing in with an OpenID provider: one client for Google, Microsoft, Okta, Keycloak and every other."""
