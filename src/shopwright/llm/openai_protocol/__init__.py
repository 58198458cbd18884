"""The OpenAI protocol, spoken directly: OpenAI, Azure OpenAI, Ollama and every compatible server."""
