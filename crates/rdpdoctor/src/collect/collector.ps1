# Collects what rdpdoctor needs to say why Remote Desktop fails on this machine, for Windows PowerShell 5.1 and later, in
# any display language. It reads only: nothing is installed, no setting is changed. What it writes is one file.
#
#   powershell -ExecutionPolicy Bypass -File collector.ps1                  writes rdpdoctor-bundle.txt.gz here
#   powershell -ExecutionPolicy Bypass -File collector.ps1 -Part 1          tells part 1, for Azure Run Command
#
# Azure Run Command shows 4096 characters of an answer. Part 1 collects and keeps the file in the folder for temporary
# files; further parts are told from that file. Give all parts, in any order, to: rdpdoctor analyze parts.txt
# -Clean removes the file again.
param(
    [int]$Part = __PART__,
    [switch]$NoRedact__NO_REDACT__,
    [switch]$Clean,
    [string]$Out = '',
    [int]$Days = 7,
    [int]$MostEvents = 300
)
$ErrorActionPreference = 'SilentlyContinue'
$ProgressPreference = 'SilentlyContinue'
$partSize = 3400
$kept = Join-Path ([System.IO.Path]::GetTempPath()) 'rdpdoctor-bundle.txt.gz'
if ($Clean) {
    Remove-Item -LiteralPath $kept
    return
}

$sections = New-Object System.Collections.ArrayList
function Add-Section {
    param([string]$Name, [string]$Text)
    if ($Text -and $Text.Trim()) {
        [void]$script:sections.Add(@{ Name = $Name; Text = $Text })
    }
}

# The registry as text, in the form of .reg files.
function Get-HexText {
    param([byte[]]$Bytes)
    if ($null -eq $Bytes) { return '' }
    return (($Bytes | ForEach-Object { $_.ToString('x2') }) -join ',')
}
function Get-ValueText {
    param($Key, [string]$Name)
    $value = $Key.GetValue($Name, $null, 'DoNotExpandEnvironmentNames')
    $quoted = '@'
    if ($Name) { $quoted = '"' + $Name.Replace('\', '\\').Replace('"', '\"') + '"' }
    switch ($Key.GetValueKind($Name).ToString()) {
        'DWord' { return ('{0}=dword:{1:x8}' -f $quoted, $value) }
        'QWord' { return ('{0}=hex(b):{1}' -f $quoted, (Get-HexText ([System.BitConverter]::GetBytes([long]$value)))) }
        'String' { return ('{0}="{1}"' -f $quoted, ([string]$value).Replace('\', '\\').Replace('"', '\"')) }
        'ExpandString' { return ('{0}="{1}"' -f $quoted, ([string]$value).Replace('\', '\\').Replace('"', '\"')) }
        'MultiString' { return ('{0}="{1}"' -f $quoted, ((@($value) -join ',').Replace('\', '\\').Replace('"', '\"'))) }
        'Binary' { return ('{0}=hex:{1}' -f $quoted, (Get-HexText $value)) }
    }
    return ''
}
function Get-KeyText {
    param([string]$Path, [string]$Only, [int]$Depth)
    $base = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64')
    $key = $base.OpenSubKey($Path, $false)
    if ($null -eq $key) { return '' }
    $lines = New-Object System.Collections.ArrayList
    [void]$lines.Add("[HKEY_LOCAL_MACHINE\$Path]")
    foreach ($name in $key.GetValueNames()) {
        if ($Only -and ($name -notmatch $Only)) { continue }
        if ($name -match 'password|secret|cookie|certificatepin') { continue }
        $line = Get-ValueText $key $name
        if ($line) { [void]$lines.Add($line) }
    }
    $text = ($lines -join "`r`n") + "`r`n`r`n"
    if ($Depth -gt 0) {
        foreach ($inner in $key.GetSubKeyNames()) {
            $text += Get-KeyText "$Path\$inner" $Only ($Depth - 1)
        }
    }
    return $text
}
$control = 'SYSTEM\CurrentControlSet\Control'
$wanted = @(
    @("$control\Terminal Server", '', 0),
    @("$control\Terminal Server\WinStations", '', 1),
    @("$control\Terminal Server\RCM", '', 2),
    @("$control\Terminal Server\ClusterSettings", '', 0),
    @("$control\SecurityProviders\SCHANNEL", '', 3),
    @("$control\Lsa", '^(LmCompatibilityLevel|LimitBlankPasswordUse|DisableRestrictedAdmin|RestrictReceivingNTLMTraffic|RestrictSendingNTLMTraffic|NoLMHash|FIPS.*|Enabled)$', 0),
    @("$control\Lsa\MSV1_0", '', 0),
    @("$control\Lsa\FipsAlgorithmPolicy", '', 0),
    @("$control\ComputerName\ComputerName", '', 0),
    @("$control\Cryptography\Configuration\Local\SSL\00010002", '', 0),
    @('SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services', '', 1),
    @('SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation', '', 2),
    @('SOFTWARE\Policies\Microsoft\Cryptography\Configuration\SSL\00010002', '', 0),
    @('SOFTWARE\Policies\Microsoft\WindowsFirewall', '', 2),
    @('SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\CredSSP\Parameters', '', 0),
    @('SOFTWARE\Microsoft\Windows NT\CurrentVersion', '^(CurrentBuild|CurrentBuildNumber|UBR|ProductName|EditionID|InstallationType|DisplayVersion|ReleaseId)$', 0),
    @('SYSTEM\CurrentControlSet\Services\TermService', '^(Start|ObjectName|ImagePath)$', 0),
    @('SYSTEM\CurrentControlSet\Services\TermService\Parameters', '^ServiceDll$', 0),
    @('SYSTEM\CurrentControlSet\Services\UmRdpService', '^Start$', 0),
    @('SYSTEM\CurrentControlSet\Services\SessionEnv', '^Start$', 0),
    @('SYSTEM\CurrentControlSet\Services\KeyIso', '^Start$', 0),
    @('SYSTEM\CurrentControlSet\Services\MpsSvc', '^Start$', 0),
    @('SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules', '^RemoteDesktop', 0),
    @('SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\StandardProfile', '', 0),
    @('SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\PublicProfile', '', 0),
    @('SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\DomainProfile', '', 0)
)
$registry = "Windows Registry Editor Version 5.00`r`n`r`n"
foreach ($one in $wanted) { $registry += Get-KeyText $one[0] $one[1] $one[2] }
Add-Section 'registry.reg' $registry

# Services, in the numbers of sc.exe, which no language changes.
$services = ''
foreach ($name in @('TermService', 'SessionEnv', 'UmRdpService', 'KeyIso', 'MpsSvc', 'TSGateway', 'Tssdis', 'W32Time', 'Netlogon')) {
    $service = Get-Service -Name $name
    if ($null -eq $service) { continue }
    $start = (Get-ItemProperty -LiteralPath "HKLM:\SYSTEM\CurrentControlSet\Services\$name").Start
    $services += "SERVICE_NAME: $name`r`n        STATE              : $([int]$service.Status)  $($service.Status)`r`n"
    $services += "        START_TYPE         : $start`r`n`r`n"
}
Add-Section 'services.txt' $services
Add-Section 'netstat.txt' ((netstat.exe -ano -p TCP | Out-String -Width 200) + (netstat.exe -ano -p TCPv6 | Out-String -Width 200))
Add-Section 'qwinsta.txt' (qwinsta.exe | Out-String -Width 200)
Add-Section 'ipconfig.txt' (ipconfig.exe /all | Out-String -Width 200)

# Certificates of the listener, and who may read their keys. Names of key files are the same in every language.
$facts = New-Object System.Collections.ArrayList
$access = ''
$unix = New-Object System.DateTime 1970, 1, 1, 0, 0, 0, ([System.DateTimeKind]::Utc)
function Get-Seconds {
    param([System.DateTime]$Moment)
    return [long][System.Math]::Floor(($Moment.ToUniversalTime() - $script:unix).TotalSeconds)
}
$now = Get-Seconds ([System.DateTime]::UtcNow)
$bound = (Get-ItemProperty -LiteralPath "HKLM:\$control\Terminal Server\WinStations\RDP-Tcp").SSLCertificateSHA1Hash
$boundText = ''
if ($bound) { $boundText = (Get-HexText $bound).Replace(',', '').ToUpperInvariant() }
foreach ($storeName in @('Remote Desktop', 'My')) {
    $store = New-Object System.Security.Cryptography.X509Certificates.X509Store $storeName, 'LocalMachine'
    $store.Open('ReadOnly, OpenExistingOnly')
    foreach ($certificate in $store.Certificates) {
        $isBound = ($certificate.Thumbprint -eq $boundText)
        $isOwn = ((-not $boundText) -and ($storeName -eq 'Remote Desktop'))
        if (-not ($isBound -or $isOwn)) { continue }
        $commonName = $certificate.GetNameInfo('SimpleName', $false)
        $usage = @()
        foreach ($extension in $certificate.Extensions) {
            if ($extension.Oid.Value -eq '2.5.29.37') { $usage = @($extension.EnhancedKeyUsages | ForEach-Object { $_.Value }) }
        }
        $names = @()
        foreach ($dns in @($certificate.DnsNameList)) { if ($dns) { $names += [string]$dns.Unicode } }
        $kind = @{ other = [string]$certificate.PublicKey.Oid.Value }
        $bits = 0
        if ($certificate.PublicKey.Oid.Value -eq '1.2.840.113549.1.1.1') {
            $kind = 'rsa'
            $bits = [int]$certificate.PublicKey.Key.KeySize
        }
        if ($certificate.PublicKey.Oid.Value -eq '1.2.840.10045.2.1') {
            $kind = 'ec'
            $public = [System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions]::GetECDsaPublicKey($certificate)
            if ($public) { $bits = [int]$public.KeySize }
        }
        if ($bits -eq 0) { continue }
        $digest = [System.Security.Cryptography.SHA256]::Create().ComputeHash($certificate.RawData)
        $weak = @('1.2.840.113549.1.1.4', '1.2.840.113549.1.1.5', '1.2.840.10045.4.1') -contains $certificate.SignatureAlgorithm.Value
        $shown = @{
            subject = $certificate.Subject; common_name = $commonName; issuer = $certificate.Issuer
            serial = $certificate.SerialNumber.ToLowerInvariant(); dns_names = @($names); addresses = @()
            not_before = (Get-Seconds $certificate.NotBefore); not_after = (Get-Seconds $certificate.NotAfter)
            key = $kind; key_bits = $bits; signature = $certificate.SignatureAlgorithm.Value; weak_signature = $weak
            extended_key_usage = @($usage); signs = $null; enciphers = $null; is_authority = $false
            self_signed = ($certificate.Subject -eq $certificate.Issuer)
            sha1 = $certificate.Thumbprint.ToLowerInvariant(); sha256 = (Get-HexText $digest).Replace(',', ''); chain = 1
        }
        [void]$facts.Add(@{
            place = @{ leg = 'host'; phase = 'secure' }; source = 'registry'; vantage = 'the certificate store'
            fact = 'certificate-seen'; value = @{ certificate = $shown; seen_at = $now }
        })
        $told = certutil.exe -store $storeName $certificate.Thumbprint | Out-String -Width 300
        $files = @([regex]::Matches($told, '[0-9a-f]{32}_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}') | ForEach-Object { $_.Value } | Select-Object -Unique)
        foreach ($file in $files) {
            foreach ($folder in @('Crypto\RSA\MachineKeys', 'Crypto\Keys', 'Crypto\SystemKeys')) {
                $path = Join-Path (Join-Path $env:ProgramData "Microsoft\$folder") $file
                if (-not (Test-Path -LiteralPath $path)) { continue }
                $rights = (Get-Acl -LiteralPath $path).Sddl
                $access += "$path`r`n$rights`r`n"
                if (-not $rights) { continue }
                $readable = 0
                if ($rights -match '\(A;[^)]*;(NS|S-1-5-20|WD|AU)\)') { $readable = 1 }
                [void]$facts.Add(@{
                    place = @{ leg = 'host'; phase = 'secure' }; source = 'registry'; vantage = 'the key store'
                    fact = 'setting-found'
                    value = @{ key = $path; name = 'readable by NETWORK SERVICE'; value = @{ number = $readable }; policy = $false }
                })
            }
        }
    }
    $store.Close()
}
$machineKeys = Join-Path $env:ProgramData 'Microsoft\Crypto\RSA\MachineKeys'
$access += "$machineKeys`r`n$((Get-Acl -LiteralPath $machineKeys).Sddl)`r`n"
Add-Section 'access.txt' $access
$nobody = @{ input = ''; host = ''; port = 3389; address = $null; zone = $null; gateway = $null; client = @{ program = $null; offers = 11 } }
$evidence = @{
    schema = 'rdpdoctor/evidence/1'; target = $nobody; opened_at = $now
    seen = @($facts); tried = @(); damage = @(); interrupted = $false
}
$document = '{"schema":"rdpdoctor/evidence/1",' + (($evidence | ConvertTo-Json -Depth 8 -Compress).Substring(1) -replace '"schema":"rdpdoctor/evidence/1",?', '')
$document = $document -replace ',}$', '}'
if ($facts.Count -gt 0) { Add-Section 'evidence.json' $document }

# Firewall rules by their names, which no language changes.
$rules = ''
foreach ($rule in @(Get-NetFirewallRule -Name 'RemoteDesktop*')) {
    $rules += "$($rule.Name) Enabled=$($rule.Enabled) Direction=$($rule.Direction) Action=$($rule.Action) Profile=$($rule.Profile)`r`n"
}
Add-Section 'firewall.txt' $rules

# Events that matter, as XML, whose texts are not taken.
$since = $Days * 86400000
$channels = @(
    @('Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational', ''),
    @('Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Admin', ''),
    @('Microsoft-Windows-TerminalServices-RemoteConnectionManager/Admin', ''),
    @('Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational', ''),
    @('Microsoft-Windows-TerminalServices-LocalSessionManager/Admin', ''),
    @('Microsoft-Windows-TerminalServices-LocalSessionManager/Operational', ''),
    @('Microsoft-Windows-TerminalServices-RDPClient/Operational', ''),
    @('Microsoft-Windows-TerminalServices-Gateway/Admin', ''),
    @('Microsoft-Windows-TerminalServices-Gateway/Operational', ''),
    @('Microsoft-Windows-TerminalServices-SessionBroker/Admin', ''),
    @('Microsoft-Windows-TerminalServices-SessionBroker-Client/Admin', ''),
    @('System', "Provider[@Name='Schannel' or @Name='TermDD' or @Name='TermService' or @Name='Microsoft-Windows-TerminalServices-RemoteConnectionManager' or @Name='LsaSrv' or @Name='NETLOGON'] and "),
    @('Security', '(EventID=4625 or EventID=4825 or EventID=4771 or EventID=4776 or EventID=4778 or EventID=4779) and ')
)
foreach ($channel in $channels) {
    $query = "*[System[$($channel[1])TimeCreated[timediff(@SystemTime) <= $since]]]"
    $xml = New-Object System.Text.StringBuilder
    foreach ($record in @(Get-WinEvent -LogName $channel[0] -FilterXPath $query -MaxEvents $MostEvents)) {
        if ($record) { [void]$xml.Append($record.ToXml()).Append("`n") }
    }
    if ($xml.Length -gt 0) {
        Add-Section ('events/' + ($channel[0] -replace '[^A-Za-z0-9]+', '-') + '.xml') ('<Events>' + $xml.ToString() + '</Events>')
    }
}

# Names and addresses become pseudonyms, the same for the same in all sections.
$mapping = @{}
if (-not $NoRedact) {
    $names = @{}
    $counts = @{ 'host' = 0; 'user' = 0; 'domain' = 0; 'net' = 0; 'card' = 0; 'sid' = 0 }
    function Add-Name {
        param([string]$Kind, [string]$Name)
        if ((-not $Name) -or ($Name.Length -lt 3) -or $script:names.ContainsKey($Name.ToLowerInvariant())) { return }
        if (@('workgroup', 'administrator', 'guest', 'system', 'public', 'default', 'all', 'users', 'builtin', 'local', 'localhost') -contains $Name.ToLowerInvariant()) { return }
        $script:counts[$Kind] += 1
        $pseudonym = "$Kind-$($script:counts[$Kind])"
        if ($Kind -eq 'domain') {
            if ($Name.Contains('.')) { $pseudonym += '.example' } else { $pseudonym = $pseudonym.ToUpperInvariant() }
        }
        $script:names[$Name.ToLowerInvariant()] = $pseudonym
        $script:mapping[$Name] = $pseudonym
    }
    $system = Get-CimInstance -ClassName Win32_ComputerSystem
    if ($system.PartOfDomain) { Add-Name 'domain' ([string]$system.Domain) }
    Add-Name 'domain' ([string]$env:USERDOMAIN)
    Add-Name 'domain' ([string]$env:USERDNSDOMAIN)
    Add-Name 'host' ([string]$env:COMPUTERNAME)
    foreach ($entry in @(Get-ChildItem -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList')) {
        $folder = [string](Get-ItemProperty -LiteralPath $entry.PSPath).ProfileImagePath
        if ($folder -match '\\Users\\([^\\]+)$') { Add-Name 'user' $matches[1] }
    }
    foreach ($account in @(Get-CimInstance -ClassName Win32_UserAccount -Filter 'LocalAccount=TRUE')) {
        if ([string]$account.SID -match '-(\d+)$' -and [int]$matches[1] -ge 1000) { Add-Name 'user' ([string]$account.Name) }
    }
    foreach ($section in $sections) {
        foreach ($found in [regex]::Matches($section.Text, "<Computer>([^<]+)</Computer>")) {
            $label, $domain = $found.Groups[1].Value.Split([char[]]'.', 2)
            Add-Name 'host' $label
            Add-Name 'domain' ([string]$domain)
        }
        foreach ($found in [regex]::Matches($section.Text, "Name='(TargetUserName|SubjectUserName|AccountName|TargetDomainName|SubjectDomainName|AccountDomain|WorkstationName|Workstation|ClientName)'>([^<]+)<")) {
            $value = $found.Groups[2].Value
            if ($value -eq '-' -or $value.Contains(' ')) { continue }
            $kind = 'user'
            if ($found.Groups[1].Value -match 'Domain') { $kind = 'domain' }
            if ($found.Groups[1].Value -match 'Workstation|ClientName' -or $value.EndsWith('$')) { $kind = 'host' }
            Add-Name $kind ($value.TrimEnd('$'))
        }
        foreach ($found in [regex]::Matches($section.Text, "<User>([^<\\]+)\\([^<]+)</User>|<Param1>([^<]+)</Param1>\s*<Param2>([^<]+)</Param2>")) {
            Add-Name 'domain' ($found.Groups[1].Value + $found.Groups[4].Value)
            Add-Name 'user' ($found.Groups[2].Value + $found.Groups[3].Value)
        }
        foreach ($found in [regex]::Matches($section.Text, 'CN=([^,"\\<]+)')) {
            $label, $domain = $found.Groups[1].Value.Trim().Split([char[]]'.', 2)
            Add-Name 'host' $label
            Add-Name 'domain' ([string]$domain)
        }
    }
    $nets = @{}
    $hosts = @{}
    function Get-Pseudonym {
        param([string]$Address)
        $parts = $Address.Split('.')
        foreach ($one in $parts) { if ([int]$one -gt 255) { return $Address } }
        if (@('0', '127', '255') -contains $parts[0] -or [int]$parts[0] -ge 224) { return $Address }
        $net = $parts[0..2] -join '.'
        if (-not $script:nets.ContainsKey($net)) {
            do {
                $script:counts['net'] += 1
                $number = $script:counts['net']
                $third = $number % 256
                if ($parts[0] -eq '10') { $given = "10.$([int][System.Math]::Floor($number / 256)).$third" }
                elseif ($net -match '^172\.(1[6-9]|2\d|3[01])\.') { $given = "172.16.$third" }
                elseif ($net -match '^192\.168\.') { $given = "192.168.$third" }
                elseif ($net -match '^169\.254\.') { $given = "169.254.$third" }
                else { $given = "198.18.$third" }
            } while ($script:original.ContainsKey($given) -and $number -lt 4096)
            $script:nets[$net] = $given
        }
        if (@('0', '255') -contains $parts[3]) { return "$($script:nets[$net]).$($parts[3])" }
        if (-not $script:hosts.ContainsKey($Address)) {
            $inNet = @($script:hosts.Keys | Where-Object { $_.StartsWith("$net.") }).Count
            $script:hosts[$Address] = "$($script:nets[$net]).$($inNet % 254 + 1)"
            $script:mapping[$Address] = $script:hosts[$Address]
        }
        return $script:hosts[$Address]
    }
    $v4 = '\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b'
    $original = @{}
    foreach ($section in $sections) {
        foreach ($found in [regex]::Matches($section.Text, $v4)) { $original[($found.Value.Split('.')[0..2] -join '.')] = $true }
    }
    $others = @{}
    function Get-Numbered {
        param([string]$Kind, [string]$Value)
        $folded = $Value.ToLowerInvariant()
        if (-not $script:others.ContainsKey($folded)) {
            $script:counts[$Kind] += 1
            $number = $script:counts[$Kind]
            $given = "2001:db8::$('{0:x}' -f $number)"
            if ($Kind -eq 'card') { $given = '02-00-00-00-{0:X2}-{1:X2}' -f [int][System.Math]::Floor($number / 256), ($number % 256) }
            if ($Kind -eq 'sid') { $given = "S-1-5-21-1-1-$number" }
            if ($folded.StartsWith('fe80:')) { $given = "fe80::$('{0:x}' -f $number)" }
            if ($folded -match '^f[cd]') { $given = "fd00::$('{0:x}' -f $number)" }
            $script:others[$folded] = $given
            $script:mapping[$Value] = $given
        }
        return $script:others[$folded]
    }
    $counts['v6'] = 0
    foreach ($section in $sections) {
        $text = [string]$section.Text
        foreach ($name in @($names.Keys | Sort-Object -Property Length -Descending)) {
            $text = [regex]::Replace($text, '(?i)(?<![\w-])' + [regex]::Escape($name) + '(?![\w-])', $names[$name])
        }
        $text = [regex]::Replace($text, 'S-1-5-21-\d+-\d+-\d+', [System.Text.RegularExpressions.MatchEvaluator] { param($found) Get-Numbered 'sid' $found.Value })
        $text = [regex]::Replace($text, '\b[0-9A-Fa-f]{2}(-[0-9A-Fa-f]{2}){5}\b', [System.Text.RegularExpressions.MatchEvaluator] { param($found) Get-Numbered 'card' $found.Value })
        $text = [regex]::Replace($text, $v4, [System.Text.RegularExpressions.MatchEvaluator] { param($found) Get-Pseudonym $found.Value })
        $text = [regex]::Replace($text, '(?i)\b(fe80|f[cd][0-9a-f]{2}|2[0-9a-f]{3}|3[0-9a-f]{3}):[0-9a-f:]*:[0-9a-f]{0,4}', [System.Text.RegularExpressions.MatchEvaluator] { param($found) Get-Numbered 'v6' $found.Value })
        $section.Text = $text
    }
}

$whole = New-Object System.Text.StringBuilder
[void]$whole.Append("=====RDPDOCTOR BUNDLE 1=====`n")
foreach ($section in $sections) {
    [void]$whole.Append("=====RDPDOCTOR FILE $($section.Name)=====`n").Append($section.Text).Append("`n")
}
[void]$whole.Append("=====RDPDOCTOR END=====`n")
function Get-Packed {
    param([string]$Text)
    $bytes = [System.Text.Encoding]::UTF8.GetBytes($Text)
    $memory = New-Object System.IO.MemoryStream
    $packer = New-Object System.IO.Compression.GZipStream $memory, ([System.IO.Compression.CompressionMode]::Compress)
    $packer.Write($bytes, 0, $bytes.Length)
    $packer.Dispose()
    return , $memory.ToArray()
}

if ($Part -gt 0) {
    if (($Part -eq 1) -or (-not (Test-Path -LiteralPath $kept))) {
        [System.IO.File]::WriteAllBytes($kept, (Get-Packed $whole.ToString()))
    }
    $coded = [System.Convert]::ToBase64String([System.IO.File]::ReadAllBytes($kept))
    $parts = [int][System.Math]::Ceiling($coded.Length / $partSize)
    $digest = [System.Security.Cryptography.SHA256]::Create().ComputeHash([System.Text.Encoding]::ASCII.GetBytes($coded))
    $mark = (Get-HexText $digest).Replace(',', '').Substring(0, 8)
    if ($Part -gt $parts) { return "There are $parts parts." }
    $start = ($Part - 1) * $partSize
    $piece = $coded.Substring($start, [System.Math]::Min($partSize, $coded.Length - $start))
    "-----BEGIN RDPDOCTOR PART $Part/$parts $mark-----"
    $piece
    "-----END RDPDOCTOR PART $Part/$parts-----"
} else {
    if (-not $Out) { $Out = Join-Path (Get-Location).Path 'rdpdoctor-bundle.txt.gz' }
    [System.IO.File]::WriteAllBytes($Out, (Get-Packed $whole.ToString()))
    if ($mapping.Count -gt 0) {
        [System.IO.File]::WriteAllText("$Out.mapping.json", ($mapping | ConvertTo-Json))
    }
    "Written: $Out"
}
