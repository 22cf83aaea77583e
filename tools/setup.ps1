# Set up .venv on Windows, as tools/setup does elsewhere. Untested: nobody has run it on Windows yet.
#
#     powershell -ExecutionPolicy Bypass -File tools\setup.ps1 [base|dev] [-Native]
#
# Needs Python 3.11 or newer and the Visual Studio Build Tools with C++. Then: .venv\Scripts\foggen-edge ask "..."
param(
    [ValidateSet("base", "dev")] [string] $What = "dev",
    [switch] $Native
)
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..")

function Stop-Setup([string] $Message) {
    [Console]::Error.WriteLine("setup: $Message")
    exit 1
}

function Invoke-Python([string] $Purpose) {
    & $python @args
    if ($LASTEXITCODE -ne 0) { Stop-Setup "$Purpose failed" }
}

$python = Join-Path (Get-Location) ".venv\Scripts\python.exe"
if (-not (Test-Path $python)) {
    $found = @("py", "python") | Where-Object { Get-Command $_ -ErrorAction SilentlyContinue } | Select-Object -First 1
    if (-not $found) { Stop-Setup "Python 3.11 or newer is needed: winget install Python.Python.3.13" }
    & $found -c "import sys; sys.exit(sys.version_info < (3, 11))"
    if ($LASTEXITCODE -ne 0) { Stop-Setup "Python 3.11 or newer is needed: winget install Python.Python.3.13" }
    & $found -m venv .venv
    if ($LASTEXITCODE -ne 0) { Stop-Setup "no environment can be made in .venv" }
}

$env:PIP_DISABLE_PIP_VERSION_CHECK = "1"
$flags = @("--install")
if ($Native) { $flags += "--native" }
Invoke-Python "building llama.cpp" tools\build_llama_cpp.py @flags

$wanted = if ($What -eq "base") { "." } else { ".[dev]" }
Invoke-Python "installing" -m pip install -c constraints.txt -e $wanted
New-Item -ItemType File -Force ".venv\installed-$What" | Out-Null
