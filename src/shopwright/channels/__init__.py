"""Platforms that customers write on. An adapter translates between the words of one and ours, and does nothing else."""
