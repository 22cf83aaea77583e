"""The edge model: its contract, the plan of its reply's tokens, and llama.cpp.

Nothing is imported here, so that `contract` and `gguf_header` can be had without llama.cpp.
"""
