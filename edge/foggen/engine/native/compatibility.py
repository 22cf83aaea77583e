"""Whether the installed llama-cpp-python has what is called here; its low-level calls drift between versions.

The pinned version is the tested one. Another may have been installed beside it, by a host application or a
distribution: whether that one fits is found out when the library is loaded, because a call that has changed
would crash the process. Of 0.3.30, 0.3.33, 0.3.35 and 0.3.36, only 0.3.36 has every name.
"""

from __future__ import annotations

from typing import Any

from ...errors import ConfigurationError
from ...installation import installation, requirement
from ..machine import llama_cpp_version

NAMES = (  # functions, types of callbacks, constants
    "GGML_TYPE_F32",
    "LLAMA_FLASH_ATTN_TYPE_AUTO",
    "LLAMA_FLASH_ATTN_TYPE_DISABLED",
    "LLAMA_FTYPE_MOSTLY_IQ4_NL",
    "LLAMA_FTYPE_MOSTLY_Q4_0",
    "LLAMA_FTYPE_MOSTLY_Q4_K_M",
    "LLAMA_FTYPE_MOSTLY_Q5_K_M",
    "LLAMA_FTYPE_MOSTLY_Q6_K",
    "LLAMA_FTYPE_MOSTLY_Q8_0",
    "LLAMA_LOAD_MODE_MMAP",
    "ggml_abort_callback",
    "llama_backend_init",
    "llama_batch_free",
    "llama_batch_init",
    "llama_context_default_params",
    "llama_decode",
    "llama_free",
    "llama_get_logits_ith",
    "llama_get_memory",
    "llama_init_from_model",
    "llama_log_callback",
    "llama_log_set",
    "llama_memory_seq_rm",
    "llama_model_default_params",
    "llama_model_free",
    "llama_model_get_vocab",
    "llama_model_load_from_file",
    "llama_model_quantize",
    "llama_model_quantize_default_params",
    "llama_print_system_info",
    "llama_progress_callback",
    "llama_sampler_accept",
    "llama_sampler_apply",
    "llama_sampler_free",
    "llama_sampler_init_grammar",
    "llama_set_abort_callback",
    "llama_supports_gpu_offload",
    "llama_token",
    "llama_token_to_piece",
    "llama_tokenize",
    "llama_vocab_bos",
    "llama_vocab_get_add_bos",
    "llama_vocab_get_text",
    "llama_vocab_is_eog",
    "llama_vocab_n_tokens",
)

FIELDS = {
    "llama_batch": "n_tokens token pos n_seq_id seq_id logits",
    "llama_context_params": "n_ctx n_batch n_ubatch n_outputs_max n_threads n_threads_batch "
    "flash_attn_type type_k type_v offload_kqv no_perf op_offload swa_full",
    "llama_model_imatrix_data": "name data size",
    "llama_model_params": "devices n_gpu_layers load_mode progress_callback use_extra_bufts",
    "llama_model_quantize_params": "nthread ftype max_buf_size imatrix",
    "llama_token_data": "id logit p",
    "llama_token_data_array": "data size selected sorted",
}

# llama.cpp's own defaults. The compiled library fills a structure that Python describes: where a field was
# added or removed in one of them, these fields, which lie along the whole structure, hold something else.
DEFAULTS = {
    "llama_context_default_params": {"n_ctx": 512, "type_k": 1, "type_v": 1, "swa_full": 1},
    "llama_model_default_params": {"vocab_only": 0, "check_tensors": 0, "use_extra_bufts": 1},
    "llama_model_quantize_default_params": {"nthread": 0, "quantize_output_tensor": 1},
}


def check(library: Any) -> None:
    """Raises ConfigurationError, in one line, if the module `llama_cpp.llama_cpp` does not fit."""
    found = misfits(library)
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        raise ConfigurationError(
            f"{llama_cpp_version()} does not fit this version of foggen: {'; '.join(found[:3])}{more}",
            hint=installation().add(pinned()),
        )


def misfits(library: Any) -> list[str]:
    """What is missing from the module, or is laid out otherwise than its compiled library has it."""
    missing = [f"{name} is missing" for name in NAMES if not hasattr(library, name)]
    missing += [
        f"{structure}.{field} is missing"
        for structure, fields in FIELDS.items()
        for field in fields.split()
        if not hasattr(getattr(library, structure, None), field)
    ]
    return missing or _shifted(library)


def pinned() -> str:
    """The requirement that this version of foggen was tested with, such as "llama-cpp-python==1.2.3"."""
    return requirement("llama-cpp-python")


def _shifted(library: Any) -> list[str]:
    """Defaults that are not llama.cpp's, which a structure of another layout would show."""
    found = []
    for function, fields in DEFAULTS.items():
        params = getattr(library, function)()
        for field, expected in fields.items():
            if (value := getattr(params, field, expected)) != expected:
                found.append(f"{function} gives {field} = {int(value)} instead of {expected}")
    return found
