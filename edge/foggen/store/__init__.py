"""The models on this machine: names, downloads, checks and removal."""
