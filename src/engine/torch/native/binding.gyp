# Built by src/setup/build-torch.mjs, which gives the variables.
{
  "variables": {
    "torch_include%": "",
    "torch_link%": "",
    "torch_flags%": "",
  },
  "targets": [
    {
      "target_name": "torch",
      "sources": [
        "addon.cc",
        "allocator.cc",
        "attention.cc",
        "call.cc",
        "elementwise.cc",
        "filters.cc",
        "instructions.cc",
        "layers.cc",
        "optimizers.cc",
        "pictures.cc",
        "precision.cc",
        "products.cc",
        "reductions.cc",
        "shapes.cc",
        "units.cc",
        "weight_gradient.cc",
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")", "<@(torch_include)"],
      "defines": ["NAPI_VERSION=8"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17", "-std=gnu++20", "-O3"],
      "cflags_cc": ["-fexceptions", "-frtti", "-O3", "-fno-math-errno", "-Wno-unknown-pragmas", "<@(torch_flags)"],
      "xcode_settings": {
        "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
        "GCC_ENABLE_CPP_RTTI": "YES",
        "OTHER_CPLUSPLUSFLAGS": ["<@(torch_flags)"],
        "CLANG_CXX_LIBRARY": "libc++",
      },
      "conditions": [["OS=='linux'", {"cflags_cc": ["-fopenmp"], "ldflags": ["-fopenmp", "-Wl,--no-as-needed"]}]],
      "libraries": ["<@(torch_link)"],
    }
  ],
}
