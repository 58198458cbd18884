"""Reading text: languages, sentences, search terms, embeddings and the ranking of passages."""
