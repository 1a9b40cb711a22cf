#part base
# How it is done. The same in every script of rdpdoctor; a state is what stands at a place: Here, Kind, Data, Extra.

if ($env:OS -ne 'Windows_NT') { throw 'This script is for Windows.' }
$identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
$principal = New-Object System.Security.Principal.WindowsPrincipal $identity
$elevated = $principal.IsInRole([System.Security.Principal.WindowsBuiltInRole]::Administrator)
if ($Plan.NeedsAdministrator -and -not $elevated) {
    throw 'Administrator rights are needed: start PowerShell with Run as administrator. Nothing was changed.'
}
if ($Plan.OfUser -and $identity.User.Value -eq 'S-1-5-18') {
    throw 'This changes the settings of the person who connects: run it as that person, not as the system. Nothing was changed.'
}
if ($elevated) { $Folder = Join-Path $env:ProgramData 'rdpdoctor' } else { $Folder = Join-Path $env:LOCALAPPDATA 'rdpdoctor' }
$KeptFile = Join-Path $Folder ($Plan.Id + '.kept.json')
$ReceiptFile = Join-Path $Folder ($Plan.Id + '.receipt.json')
$Began = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
$Results = New-Object System.Collections.ArrayList

function New-State([bool]$Here, [string]$Kind, [string]$Data, [string]$Extra) {
    [ordered]@{ Here = $Here; Kind = $Kind; Data = $Data; Extra = $Extra }
}

function Get-Mark($State) { '{0}|{1}|{2}' -f $State.Here, $State.Kind, $State.Data }

function Open-Folder {
    if (-not (Test-Path -LiteralPath $Folder)) { [void](New-Item -ItemType Directory -Path $Folder) }
    $item = Get-Item -LiteralPath $Folder -Force
    if (($item.Attributes -band [IO.FileAttributes]::ReparsePoint) -ne 0) { throw ($Folder + ' leads elsewhere. Nothing was changed.') }
    if ($elevated) {
        # What is kept here decides what -Undo writes: SYSTEM and Administrators alone, by identifier.
        $rules = New-Object System.Security.AccessControl.DirectorySecurity
        $rules.SetSecurityDescriptorSddlForm('O:BAG:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)')
        [IO.Directory]::SetAccessControl($Folder, $rules)
    }
}

function Save-Text([string]$File, [string]$Text) {
    $draft = $File + '.new'
    if (Test-Path -LiteralPath $draft) { Remove-Item -LiteralPath $draft -Force }
    [IO.File]::WriteAllText($draft, $Text, (New-Object System.Text.UTF8Encoding $false))
    Move-Item -LiteralPath $draft -Destination $File -Force
}

function Save-Kept($Kept) { Save-Text $KeptFile (ConvertTo-Json -InputObject $Kept -Depth 6 -Compress) }

function Get-Field($Table, [string]$Name) {
    $field = $Table.PSObject.Properties[$Name]
    if ($null -eq $field) { return $null }
    $field.Value
}

function Add-Result($Step, [string]$Outcome, $Was, [string]$Says) {
    if ($Says.Length -gt 160) { $Says = $Says.Substring(0, 160) }
    $mark = $null
    if ($null -ne $Was -and $Step.Show) { $mark = $Was.Data; if (-not $Was.Here) { $mark = '' } }
    if ($null -ne $mark -and $mark.Length -gt 160) { $mark = $mark.Substring(0, 160) }
    [void]$Results.Add([ordered]@{ step = $Step.N; outcome = $Outcome; was = $mark; says = $Says })
    Write-Host ('  {0}. {1}: {2}' -f ($Step.N + 1), $Outcome, $Step.Says)
    if ($Says -ne '') { Write-Host ('     ' + $Says) }
}

function Test-Condition($Step) {
    foreach ($condition in $Step.OnlyIf) {
        $state = Read-State $condition
        if ($condition.Test -eq 'present' -and -not $state.Here) { return $false }
        if ($condition.Test -eq 'missing' -and $state.Here) { return $false }
        if ($condition.Test -eq 'is' -and (-not $state.Here -or $state.Data -ne $condition.Data)) { return $false }
    }
    $true
}

function Write-Receipt([string]$Mode, [string]$Outcome) {
    $receipt = [ordered]@{
        schema = 'rdpdoctor/receipt/1'; plan = $Plan.Id; cause = $Plan.Cause; remedy = $Plan.Remedy; script = $Plan.Script
        machine = $env:COMPUTERNAME; began = $Began; mode = $Mode; outcome = $Outcome; kept = $KeptFile; steps = @($Results.ToArray())
    }
    $text = ConvertTo-Json -InputObject $receipt -Depth 6 -Compress
    Save-Text $ReceiptFile $text
    Write-Output $text
}

function Restore-Step($Step, $Was, $Now) {
    $state = Read-State $Step
    if ((Get-Mark $state) -eq (Get-Mark $Was)) { return 'as-it-was' }
    # What Windows put into a key since stays beside what is put back.
    if ($Step.Kind -ne 'tree' -and $null -ne $Now -and (Get-Mark $state) -ne (Get-Mark $Now)) { return 'changed-since' }
    Restore-State $Step $Was
    'undone'
}

function Restart-All {
    foreach ($step in $Steps) {
        if ($step.Kind -eq 'act-restart') {
            try { Invoke-Action $step; Add-Result $step 'done' $null '' } catch { Add-Result $step 'failed' $null $_.Exception.Message }
        }
    }
}

function Invoke-Plan {
    Open-Folder
    if (Test-Path -LiteralPath $KeptFile) {
        $kept = ConvertFrom-Json ([IO.File]::ReadAllText($KeptFile))
        Write-Host ('It was run before; what stood here first is kept in ' + $KeptFile)
    } else {
        # Everything is read and kept before anything is changed.
        $was = [ordered]@{}
        foreach ($step in $Steps) {
            if ($step.Set -and (Test-Condition $step)) { $was[[string]$step.N] = Read-State $step }
        }
        $kept = [ordered]@{ schema = 'rdpdoctor/kept/1'; plan = $Plan.Id; was = $was; now = [ordered]@{} }
        Save-Kept $kept
        $kept = ConvertFrom-Json ([IO.File]::ReadAllText($KeptFile))
    }
    $made = @()
    foreach ($step in $Steps) {
        if (-not $step.Set) { continue }
        $was = Get-Field $kept.was ([string]$step.N)
        if ($null -eq $was) { Add-Result $step 'skipped' $null 'it does not apply here'; continue }
        try {
            if (Test-Wanted $step (Read-State $step)) { Add-Result $step 'already' $was ''; continue }
            $made = @($step) + $made
            Write-State $step
            $now = Read-State $step
            if (-not (Test-Wanted $step $now)) { throw 'it was written and does not stand there' }
            $kept.now | Add-Member -NotePropertyName ([string]$step.N) -NotePropertyValue $now -Force
            Save-Kept $kept
            Add-Result $step 'changed' $was ''
        } catch {
            Add-Result $step 'failed' $was $_.Exception.Message
            Write-Host 'What was changed is taken back.'
            foreach ($back in $made) {
                $was = Get-Field $kept.was ([string]$back.N)
                try { Add-Result $back (Restore-Step $back $was $null) $was '' } catch { Add-Result $back 'left' $was $_.Exception.Message }
            }
            Write-Receipt 'apply' 'failed'
            return $false
        }
    }
    $outcome = 'done'
    foreach ($step in $Steps) {
        if ($step.Set) { continue }
        if ($step.Kind -eq 'act-person') { Add-Result $step 'person' $null ''; continue }
        try { Invoke-Action $step; Add-Result $step 'done' $null '' } catch { $outcome = 'partly'; Add-Result $step 'failed' $null $_.Exception.Message }
    }
    if ($Plan.ExpiresAfter -gt 0) {
        try { Set-Expiry } catch { $outcome = 'partly'; Write-Host ('It will not expire by itself: ' + $_.Exception.Message) }
    }
    Write-Receipt 'apply' $outcome
    $true
}

function Undo-Plan {
    if (-not (Test-Path -LiteralPath $KeptFile)) { throw ('Nothing of this plan is kept in ' + $Folder + ': there is nothing to take back.') }
    $kept = ConvertFrom-Json ([IO.File]::ReadAllText($KeptFile))
    $outcome = 'undone'
    for ($index = $Steps.Count - 1; $index -ge 0; $index--) {
        $step = $Steps[$index]
        if (-not $step.Set) { continue }
        $was = Get-Field $kept.was ([string]$step.N)
        if ($null -eq $was) { continue }
        try {
            $how = Restore-Step $step $was (Get-Field $kept.now ([string]$step.N))
            if ($how -eq 'changed-since') { $outcome = 'partly' }
            Add-Result $step $how $was ''
        } catch { $outcome = 'partly'; Add-Result $step 'left' $was $_.Exception.Message }
    }
    Restart-All
    if ($outcome -eq 'undone') {
        if ($Plan.ExpiresAfter -gt 0) { Remove-Expiry }
        Move-Item -LiteralPath $KeptFile -Destination ($KeptFile + '.undone') -Force
    }
    Write-Receipt 'undo' $outcome
    $outcome -eq 'undone'
}

function Set-Expiry {
    $copy = Join-Path $Folder ($Plan.Id + '.ps1')
    if (Test-Path -LiteralPath $copy) { Remove-Item -LiteralPath $copy -Force }
    Copy-Item -LiteralPath $PSCommandPath -Destination $copy
    $words = '-NoProfile -ExecutionPolicy Bypass -File "' + $copy + '" -Undo'
    $action = New-ScheduledTaskAction -Execute (Join-Path $PSHOME 'powershell.exe') -Argument $words
    $trigger = New-ScheduledTaskTrigger -Once -At ((Get-Date).AddSeconds($Plan.ExpiresAfter))
    $user = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -RunLevel Highest
    $settings = New-ScheduledTaskSettingsSet -StartWhenAvailable
    [void](Register-ScheduledTask -TaskName ('rdpdoctor-undo-' + $Plan.Id) -Action $action -Trigger $trigger -Principal $user -Settings $settings -Force)
    Write-Host ('It is taken back by itself after ' + $Plan.ExpiresAfter + ' seconds.')
}

function Remove-Expiry {
    $task = Get-ScheduledTask -TaskName ('rdpdoctor-undo-' + $Plan.Id) -ErrorAction SilentlyContinue
    if ($null -ne $task) { Unregister-ScheduledTask -TaskName ('rdpdoctor-undo-' + $Plan.Id) -Confirm:$false }
}

function Read-State($Step) { & ('Read-' + ($Step.Kind -replace '-', '')) $Step }

function Write-State($Step) { & ('Write-' + ($Step.Kind -replace '-', '')) $Step }

function Restore-State($Step, $Was) { & ('Restore-' + ($Step.Kind -replace '-', '')) $Step $Was }

function Test-Wanted($Step, $State) {
    $test = Get-Command ('Test-' + ($Step.Kind -replace '-', '')) -CommandType Function -ErrorAction SilentlyContinue
    if ($null -ne $test) { return (& $test $Step $State) }
    (Get-Mark $State) -eq (Get-Mark $Step.To)
}

function Invoke-Action($Step) { & ('Invoke-' + ($Step.Kind -replace '-', '')) $Step }

function Invoke-Tool([string]$Program, [string[]]$Words) {
    & $Program $Words | Out-Null
    if ($LASTEXITCODE -ne 0) { throw ($Program + ' ended with ' + $LASTEXITCODE) }
}
#part registry

function Open-Root($Step) {
    $hive = [Microsoft.Win32.RegistryHive]::LocalMachine
    if ($Step.Hive -eq 'HKCU') { $hive = [Microsoft.Win32.RegistryHive]::CurrentUser }
    [Microsoft.Win32.RegistryKey]::OpenBaseKey($hive, [Microsoft.Win32.RegistryView]::Registry64)
}

function ConvertTo-Kept([string]$Kind, $Data) {
    switch ($Kind) {
        'Binary' { [Convert]::ToBase64String([byte[]]$Data) }
        'None' { [Convert]::ToBase64String([byte[]]$Data) }
        'MultiString' { [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes([string]::Join([string][char]0, [string[]]$Data))) }
        'DWord' { ([int]$Data).ToString([Globalization.CultureInfo]::InvariantCulture) }
        'QWord' { ([long]$Data).ToString([Globalization.CultureInfo]::InvariantCulture) }
        'String' { [string]$Data }
        'ExpandString' { [string]$Data }
        default { throw ('a value of the kind ' + $Kind + ' cannot be kept') }
    }
}

function Set-Kept($Key, [string]$Name, [string]$Kind, [string]$Data) {
    $type = [Microsoft.Win32.RegistryValueKind]$Kind
    switch ($Kind) {
        'Binary' { $Key.SetValue($Name, [byte[]][Convert]::FromBase64String($Data), $type) }
        'None' { $Key.SetValue($Name, [byte[]][Convert]::FromBase64String($Data), $type) }
        'MultiString' {
            $joined = [Text.Encoding]::Unicode.GetString([Convert]::FromBase64String($Data))
            $list = [string[]]@()
            if ($joined -ne '') { $list = [string[]]$joined.Split([char]0) }
            $Key.SetValue($Name, $list, $type)
        }
        'DWord' { $Key.SetValue($Name, [int]$Data, $type) }
        'QWord' { $Key.SetValue($Name, [long]$Data, $type) }
        default { $Key.SetValue($Name, $Data, $type) }
    }
}

function Read-Registry($Step) {
    $root = Open-Root $Step
    $key = $root.OpenSubKey($Step.Path)
    if ($null -eq $key) {
        # The part of the path that is there, so that keys made on the way can go again.
        $there = $Step.Path
        while ($there -ne '' -and $null -eq $root.OpenSubKey($there)) {
            $cut = $there.LastIndexOf('\')
            if ($cut -lt 0) { $there = '' } else { $there = $there.Substring(0, $cut) }
        }
        return (New-State $false '' '' $there)
    }
    $kind = ''
    foreach ($name in $key.GetValueNames()) {
        if ($name -eq $Step.Name) { $kind = $key.GetValueKind($name).ToString() }
    }
    if ($kind -eq '') { return (New-State $false '' '' $Step.Path) }
    $data = $key.GetValue($Step.Name, $null, [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
    New-State $true $kind (ConvertTo-Kept $kind $data) $Step.Path
}

function Set-Registry($Step, $State) {
    $root = Open-Root $Step
    if ($State.Here) {
        $key = $root.CreateSubKey($Step.Path)
        Set-Kept $key $Step.Name $State.Kind $State.Data
        $key.Flush()
        return
    }
    $key = $root.OpenSubKey($Step.Path, $true)
    if ($null -ne $key) { $key.DeleteValue($Step.Name, $false); $key.Flush() }
}

function Write-Registry($Step) { Set-Registry $Step $Step.To }

function Restore-Registry($Step, $Was) {
    Set-Registry $Step $Was
    $root = Open-Root $Step
    $path = $Step.Path
    while ($path.Length -gt $Was.Extra.Length) {
        $key = $root.OpenSubKey($path)
        if ($null -eq $key -or $key.ValueCount -gt 0 -or $key.SubKeyCount -gt 0) { break }
        $key.Close()
        $root.DeleteSubKey($path, $false)
        $cut = $path.LastIndexOf('\')
        if ($cut -lt 0) { break }
        $path = $path.Substring(0, $cut)
    }
}
#part tree

function Get-TreeLines($Key, [string]$Below) {
    $text = { param($words) [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes([string]$words)) }
    '{0}|' -f (& $text $Below)
    foreach ($name in $Key.GetValueNames()) {
        $kind = $Key.GetValueKind($name).ToString()
        $data = $Key.GetValue($name, $null, [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
        '{0}|{1}|{2}|{3}' -f (& $text $Below), (& $text $name), $kind, (& $text (ConvertTo-Kept $kind $data))
    }
    foreach ($sub in $Key.GetSubKeyNames()) {
        $inner = $Key.OpenSubKey($sub)
        if ($Below -eq '') { Get-TreeLines $inner $sub } else { Get-TreeLines $inner ($Below + '\' + $sub) }
    }
}

function Read-Tree($Step) {
    $key = (Open-Root $Step).OpenSubKey($Step.Path)
    if ($null -eq $key) { return (New-State $false '' '' '') }
    New-State $true '' ([string]::Join("`n", [string[]]@(Get-TreeLines $key ''))) ''
}

function Write-Tree($Step) { (Open-Root $Step).DeleteSubKeyTree($Step.Path, $false) }

function Restore-Tree($Step, $Was) {
    $root = Open-Root $Step
    if (-not $Was.Here) { $root.DeleteSubKeyTree($Step.Path, $false); return }
    $text = { param($words) [Text.Encoding]::Unicode.GetString([Convert]::FromBase64String($words)) }
    foreach ($line in $Was.Data.Split([char]10)) {
        $parts = $line.Split([char]124)
        $below = & $text $parts[0]
        $path = $Step.Path
        if ($below -ne '') { $path = $path + '\' + $below }
        $key = $root.CreateSubKey($path)
        if ($parts.Count -eq 4) { Set-Kept $key (& $text $parts[1]) $parts[2] (& $text $parts[3]) }
    }
}
#part service-start

function Read-ServiceStart($Step) {
    $key = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey('SYSTEM\CurrentControlSet\Services\' + $Step.Service)
    if ($null -eq $key) { return (New-State $false '' '' '') }
    $start = 'Manual'
    switch ([int]$key.GetValue('Start', 3)) {
        2 { $start = 'Automatic'; if ([int]$key.GetValue('DelayedAutostart', 0) -eq 1) { $start = 'Delayed' } }
        4 { $start = 'Disabled' }
    }
    New-State $true 'start' $start ''
}

function Set-ServiceStart([string]$Service, [string]$Start) {
    $word = 'demand'
    switch ($Start) {
        'Automatic' { $word = 'auto' }
        'Delayed' { $word = 'delayed-auto' }
        'Disabled' { $word = 'disabled' }
    }
    Invoke-Tool (Join-Path $env:SystemRoot 'System32\sc.exe') @('config', $Service, 'start=', $word)
}

function Write-ServiceStart($Step) { Set-ServiceStart $Step.Service $Step.To.Data }

function Restore-ServiceStart($Step, $Was) { Set-ServiceStart $Step.Service $Was.Data }
#part service-state

function Read-ServiceState($Step) {
    $service = Get-Service -Name $Step.Service -ErrorAction SilentlyContinue
    if ($null -eq $service) { return (New-State $false '' '' '') }
    $data = 'Stopped'
    if ($service.Status -eq [System.ServiceProcess.ServiceControllerStatus]::Running) { $data = 'Running' }
    New-State $true 'state' $data ''
}

function Set-ServiceState([string]$Service, [string]$State) {
    if ($State -eq 'Running') { Start-Service -Name $Service } else { Stop-Service -Name $Service -Force }
}

function Write-ServiceState($Step) { Set-ServiceState $Step.Service $Step.To.Data }

function Restore-ServiceState($Step, $Was) { Set-ServiceState $Step.Service $Was.Data }
#part firewall-rule

function Read-FirewallRule($Step) {
    $rule = Get-NetFirewallRule -Name $Step.Rule -PolicyStore PersistentStore -ErrorAction SilentlyContinue
    if ($null -eq $rule) { return (New-State $false '' '' '') }
    New-State $true 'rule' ([string](([int]$rule.Enabled) -eq 1)) ''
}

function Set-FirewallRule([string]$Rule, [string]$On) {
    if ($On -eq 'True') { Enable-NetFirewallRule -Name $Rule -PolicyStore PersistentStore } else { Disable-NetFirewallRule -Name $Rule -PolicyStore PersistentStore }
}

function Write-FirewallRule($Step) { Set-FirewallRule $Step.Rule $Step.To.Data }

function Restore-FirewallRule($Step, $Was) { Set-FirewallRule $Step.Rule $Was.Data }
#part firewall-group

function Read-FirewallGroup($Step) {
    $rules = @(Get-NetFirewallRule -Group $Step.Group -PolicyStore PersistentStore -ErrorAction SilentlyContinue | Sort-Object -Property Name)
    if ($rules.Count -eq 0) { return (New-State $false '' '' '') }
    $lines = foreach ($rule in $rules) { '{0}={1}' -f $rule.Name, (([int]$rule.Enabled) -eq 1) }
    New-State $true 'group' ([string]::Join("`n", [string[]]@($lines))) ''
}

function Test-FirewallGroup($Step, $State) {
    if (-not $State.Here) { return $false }
    foreach ($line in $State.Data.Split([char]10)) { if (-not $line.EndsWith('=' + $Step.To.Data)) { return $false } }
    $true
}

function Write-FirewallGroup($Step) {
    if ($Step.To.Data -eq 'True') { Enable-NetFirewallRule -Group $Step.Group -PolicyStore PersistentStore } else { Disable-NetFirewallRule -Group $Step.Group -PolicyStore PersistentStore }
}

function Restore-FirewallGroup($Step, $Was) {
    foreach ($line in $Was.Data.Split([char]10)) {
        $cut = $line.LastIndexOf('=')
        $name = $line.Substring(0, $cut)
        if ($line.EndsWith('=True')) { Enable-NetFirewallRule -Name $name -PolicyStore PersistentStore } else { Disable-NetFirewallRule -Name $name -PolicyStore PersistentStore }
    }
}
#part firewall-port

function Read-FirewallPort($Step) {
    $rule = Get-NetFirewallRule -Name $Step.Rule -PolicyStore PersistentStore -ErrorAction SilentlyContinue
    if ($null -eq $rule) { return (New-State $false '' '' '') }
    New-State $true 'port' ('{0}/{1}' -f $Step.Transport, $Step.Port) ''
}

function Set-FirewallPort($Step, [bool]$Here) {
    if ($Here) {
        [void](New-NetFirewallRule -Name $Step.Rule -DisplayName $Step.Rule -Direction Inbound -Action Allow -Protocol $Step.Transport -LocalPort $Step.Port -PolicyStore PersistentStore)
    } else {
        Remove-NetFirewallRule -Name $Step.Rule -PolicyStore PersistentStore -ErrorAction SilentlyContinue
    }
}

function Write-FirewallPort($Step) { Set-FirewallPort $Step $Step.To.Here }

function Restore-FirewallPort($Step, $Was) { Set-FirewallPort $Step $Was.Here }
#part access

function Find-Thumbprint {
    $key = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey('SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp')
    $bound = $null
    if ($null -ne $key) { $bound = $key.GetValue('SSLCertificateSHA1Hash', $null) }
    if ($null -ne $bound) { return ([BitConverter]::ToString([byte[]]$bound) -replace '-', '') }
    ''
}

function Find-KeyFile([string]$Thumbprint) {
    $newest = $null
    foreach ($store in @('My', 'Remote Desktop')) {
        $opened = New-Object System.Security.Cryptography.X509Certificates.X509Store $store, 'LocalMachine'
        $opened.Open('ReadOnly')
        foreach ($certificate in $opened.Certificates) {
            if ($Thumbprint -ne '' -and $certificate.Thumbprint -ne $Thumbprint) { continue }
            if ($Thumbprint -eq '' -and $store -ne 'Remote Desktop') { continue }
            if ($null -eq $newest -or $certificate.NotBefore -gt $newest.NotBefore) { $newest = $certificate }
        }
        $opened.Close()
    }
    if ($null -eq $newest) { throw 'the certificate of the listener is in no store of this machine; use the remedy server.rebind-certificate' }
    if (-not $newest.HasPrivateKey) { throw ('the certificate ' + $newest.Thumbprint + ' has no private key on this machine; import it again with its .pfx file') }
    $crypto = Join-Path $env:ProgramData 'Microsoft\Crypto'
    $names = @()
    try {
        $secret = [System.Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($newest)
        if ($secret -is [System.Security.Cryptography.RSACng]) { $names += $secret.Key.UniqueName }
        if ($secret -is [System.Security.Cryptography.RSACryptoServiceProvider]) { $names += $secret.CspKeyContainerInfo.UniqueKeyContainerName }
    } catch {
        Write-Host ('The key does not open: ' + $_.Exception.Message)
    }
    # The key of the certificate that Windows makes for Remote Desktop is always the container TSSecKeySet1.
    if ($names.Count -eq 0 -and $Thumbprint -eq '') { $names += 'f686aace6942fb7f7ceb231212eef4a4_*' }
    foreach ($name in $names) {
        foreach ($place in @('RSA\MachineKeys', 'Keys', 'SystemKeys', 'RSA\S-1-5-18')) {
            $found = @(Get-ChildItem -Path (Join-Path (Join-Path $crypto $place) (Split-Path -Leaf $name)) -Force -ErrorAction SilentlyContinue)
            if ($found.Count -gt 0) { return $found[0].FullName }
        }
    }
    throw 'the file of the private key was not found; it may be kept by a smart card or another provider'
}

function Find-Guarded($Step) {
    if ($Step.Of -eq 'path') { return [Environment]::ExpandEnvironmentVariables($Step.Path) }
    if ($Step.Of -eq 'thumbprint') { return (Find-KeyFile $Step.Path) }
    Find-KeyFile (Find-Thumbprint)
}

function Read-Rules([string]$Path) {
    if (Test-Path -LiteralPath $Path -PathType Container) { return [IO.Directory]::GetAccessControl($Path, 'Access') }
    [IO.File]::GetAccessControl($Path, 'Access')
}

function Save-Rules([string]$Path, $Rules) {
    if (Test-Path -LiteralPath $Path -PathType Container) { [IO.Directory]::SetAccessControl($Path, $Rules) } else { [IO.File]::SetAccessControl($Path, $Rules) }
}

function Read-Access($Step) {
    $path = Find-Guarded $Step
    New-State $true 'access' ((Read-Rules $path).GetSecurityDescriptorSddlForm('Access')) $path
}

function Test-Access($Step, $State) {
    $needed = [int]$Step.Mask
    $given = 0
    foreach ($rule in (Read-Rules $State.Extra).GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier])) {
        if ($rule.IdentityReference.Value -ne $Step.Sid) { continue }
        if (($rule.PropagationFlags -band [System.Security.AccessControl.PropagationFlags]::InheritOnly) -ne 0) { continue }
        if ($rule.AccessControlType -eq [System.Security.AccessControl.AccessControlType]::Deny) { return $false }
        $given = $given -bor [int]$rule.FileSystemRights
    }
    ($given -band $needed) -eq $needed
}

function Write-Access($Step) {
    $path = Find-Guarded $Step
    $rules = Read-Rules $path
    $account = New-Object System.Security.Principal.SecurityIdentifier $Step.Sid
    $rights = [System.Security.AccessControl.FileSystemRights][int]$Step.Mask
    $none = [System.Security.AccessControl.InheritanceFlags]::None
    $here = [System.Security.AccessControl.PropagationFlags]::None
    $deny = New-Object System.Security.AccessControl.FileSystemAccessRule $account, $rights, $none, $here, 'Deny'
    $rules.RemoveAccessRuleAll($deny)
    $allow = New-Object System.Security.AccessControl.FileSystemAccessRule $account, $rights, $none, $here, 'Allow'
    $rules.AddAccessRule($allow)
    Save-Rules $path $rules
}

function Restore-Access($Step, $Was) {
    $rules = Read-Rules $Was.Extra
    $rules.SetSecurityDescriptorSddlForm($Was.Data, 'Access')
    Save-Rules $Was.Extra $rules
}
#part mtu

function Find-Interface([string]$Interface) {
    if ($Interface.StartsWith('to:')) {
        $address = [Net.Dns]::GetHostAddresses($Interface.Substring(3))[0].IPAddressToString
        return (@(Find-NetRoute -RemoteIPAddress $address)[0].InterfaceAlias)
    }
    if ($Interface -eq 'default') {
        $route = Get-NetRoute -DestinationPrefix '0.0.0.0/0' | Sort-Object -Property { $_.RouteMetric + $_.InterfaceMetric } | Select-Object -First 1
        return $route.InterfaceAlias
    }
    $Interface
}

function Read-Mtu($Step) {
    $alias = Find-Interface $Step.Interface
    $data = (Get-NetIPInterface -InterfaceAlias $alias -AddressFamily IPv4).NlMtu
    New-State $true 'mtu' ([string]$data) $alias
}

function Write-Mtu($Step) { Set-NetIPInterface -InterfaceAlias (Find-Interface $Step.Interface) -AddressFamily IPv4 -NlMtuBytes ([uint32]$Step.To.Data) }

function Restore-Mtu($Step, $Was) { Set-NetIPInterface -InterfaceAlias $Was.Extra -AddressFamily IPv4 -NlMtuBytes ([uint32]$Was.Data) }
#part member

function Read-Member($Step) {
    $found = $false
    foreach ($member in @(Get-LocalGroupMember -SID $Step.Group)) {
        if ($member.SID.Value -eq $Step.User -or $member.Name -eq $Step.User) { $found = $true }
    }
    New-State $found '' '' ''
}

function Set-Member($Step, [bool]$Here) {
    if ($Here) { Add-LocalGroupMember -SID $Step.Group -Member $Step.User } else { Remove-LocalGroupMember -SID $Step.Group -Member $Step.User }
}

function Write-Member($Step) { Set-Member $Step $Step.To.Here }

function Restore-Member($Step, $Was) { Set-Member $Step $Was.Here }
#part file

function Get-FilePath($Step) {
    if ($Step.File.StartsWith('~/')) { return (Join-Path $env:USERPROFILE ($Step.File.Substring(2) -replace '/', '\')) }
    $Step.File
}

function Read-File($Step) {
    $path = Get-FilePath $Step
    if (-not (Test-Path -LiteralPath $path -PathType Leaf)) { return (New-State $false '' '' '') }
    New-State $true '' ([Convert]::ToBase64String([IO.File]::ReadAllBytes($path))) ''
}

function Set-File($Step, $State) {
    $path = Get-FilePath $Step
    if ($State.Here) { [IO.File]::WriteAllBytes($path, [Convert]::FromBase64String($State.Data)) } else { Remove-Item -LiteralPath $path -Force }
}

function Write-File($Step) { Set-File $Step $Step.To }

function Restore-File($Step, $Was) { Set-File $Step $Was }
#part rdp-file

function Read-RdpFile($Step) { Read-File $Step }

function Read-Lines($Step) {
    $bytes = [IO.File]::ReadAllBytes((Get-FilePath $Step))
    $wide = $bytes.Length -ge 2 -and $bytes[0] -eq 255 -and $bytes[1] -eq 254
    if ($wide) { $encoding = New-Object System.Text.UnicodeEncoding $false, $true } else { $encoding = New-Object System.Text.UTF8Encoding ($bytes.Length -ge 3 -and $bytes[0] -eq 239 -and $bytes[1] -eq 187) }
    $skip = $encoding.GetPreamble().Length
    @{ Encoding = $encoding; Text = $encoding.GetString($bytes, $skip, $bytes.Length - $skip) }
}

function Get-Wanted($Step, [string]$Text) {
    $start = $Step.Name + ':'
    $lines = New-Object System.Collections.ArrayList
    $put = $false
    foreach ($line in $Text.Split([char]10)) {
        $plain = $line.TrimEnd([char]13)
        if ($plain.TrimStart().StartsWith($start, [StringComparison]::OrdinalIgnoreCase)) {
            if ($put -or -not $Step.To.Here) { continue }
            $put = $true
            [void]$lines.Add($start + $Step.To.Data + $line.Substring($plain.Length))
        } else {
            [void]$lines.Add($line)
        }
    }
    if ($Step.To.Here -and -not $put) {
        $last = $lines.Count - 1
        if ($lines[$last] -eq '') { $lines.Insert($last, $start + $Step.To.Data + [char]13) } else { $lines[$last] = $lines[$last].TrimEnd([char]13) + [char]13; [void]$lines.Add($start + $Step.To.Data + [char]13); [void]$lines.Add('') }
    }
    [string]::Join("`n", [string[]]$lines.ToArray())
}

function Test-RdpFile($Step, $State) {
    if (-not $State.Here) { return (-not $Step.To.Here) }
    $read = Read-Lines $Step
    (Get-Wanted $Step $read.Text) -ceq $read.Text
}

function Write-RdpFile($Step) {
    $read = Read-Lines $Step
    [IO.File]::WriteAllText((Get-FilePath $Step), (Get-Wanted $Step $read.Text), $read.Encoding)
}

function Restore-RdpFile($Step, $Was) { Set-File $Step $Was }
#part actions

function Invoke-ActRestart($Step) { Restart-Service -Name $Step.Service -Force }

function Invoke-ActPolicy($Step) { Invoke-Tool (Join-Path $env:SystemRoot 'System32\gpupdate.exe') @('/force') }

function Invoke-ActNames($Step) { Clear-DnsClientCache }

function Invoke-ActRegister($Step) { Register-DnsClient }

function Invoke-ActClock($Step) { Invoke-Tool (Join-Path $env:SystemRoot 'System32\w32tm.exe') @('/resync') }

function Invoke-ActForget($Step) { Invoke-Tool (Join-Path $env:SystemRoot 'System32\cmdkey.exe') @('/delete:' + $Step.Target) }

function Invoke-ActLogoff($Step) { Invoke-Tool (Join-Path $env:SystemRoot 'System32\logoff.exe') @([string]$Step.Session) }

function Invoke-ActLook($Step) { Write-Host ('     Look again: ' + $Step.Command) }
#part main

# What each function wrote before its last word goes on to whoever called; the last word says whether all went well.
if ($Undo) { $said = @(Undo-Plan) } else { $said = @(Invoke-Plan) }
foreach ($look in $Plan.Proof) { if (-not $Undo) { Write-Host ('Proof: ' + $look) } }
if ($said.Count -gt 1) { $said[0..($said.Count - 2)] }
if (-not $said[$said.Count - 1]) { exit 1 }
