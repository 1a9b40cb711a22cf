//! A zip archive that is the same whenever and wherever it is made from the same files.

use std::fs;
use std::io::{Seek, Write};
use std::path::Path;

use anyhow::{Context, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{files, name_of};

/// Packs a folder under its own name.
pub fn pack(folder: &Path, to: &Path, seconds: u64) -> Result<()> {
    let file = fs::File::create(to).with_context(|| format!("cannot make {}", to.display()))?;
    write(folder, file, seconds).with_context(|| format!("cannot write {}", to.display()))
}

fn write(folder: &Path, to: impl Write + Seek, seconds: u64) -> Result<()> {
    let top = name_of(folder)?;
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(time(seconds)?)
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(to);
    for file in files(folder)? {
        let below = file.strip_prefix(folder).context("a file is elsewhere")?;
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        let options = match below.extension() {
            Some(extension) if extension == "exe" => options.unix_permissions(0o755),
            _ => options,
        };
        writer.start_file(format!("{top}/{}", parts.join("/")), options)?;
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        writer.write_all(&bytes)?;
    }
    writer.finish()?;
    Ok(())
}

/// Seconds since 1970 as a zip has them: a date of the calendar in steps of two seconds, here in UTC.
fn time(seconds: u64) -> Result<DateTime> {
    let (days, left) = (seconds / 86_400, seconds % 86_400);
    // The days of a year that begins in March come in a pattern, so that leap days are at its end.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    DateTime::from_date_and_time(
        u16::try_from(era * 400 + year + later)?,
        u8::try_from(month)?,
        u8::try_from(of_month)?,
        u8::try_from(left / 3_600)?,
        u8::try_from(left / 60 % 60)?,
        u8::try_from(left % 60)?,
    )
    .context("a zip begins in 1980")
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::*;

    #[test]
    fn the_same_files_give_the_same_bytes_whenever_they_were_written() -> Result<()> {
        let mut packed = Vec::new();
        for order in [["b.txt", "a.exe", "c/d.txt"], ["c/d.txt", "b.txt", "a.exe"]] {
            let place = tempfile::tempdir()?;
            let folder = place.path().join("top");
            for name in order {
                let file = folder.join(name);
                fs::create_dir_all(file.parent().context("a file is in a folder")?)?;
                fs::write(&file, name)?;
            }
            let mut bytes = Cursor::new(Vec::new());
            write(&folder, &mut bytes, 1_763_715_599)?;
            packed.push(bytes.into_inner());
        }
        let [one, other] = packed.try_into().map_err(|_| anyhow::anyhow!("two"))?;
        assert!(one == other);
        let mut read = zip::ZipArchive::new(Cursor::new(one))?;
        let names: Vec<String> = read.file_names().map(str::to_owned).collect();
        assert_eq!(names, ["top/a.exe", "top/b.txt", "top/c/d.txt"]);
        let mut file = read.by_name("top/c/d.txt")?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        assert_eq!(text, "c/d.txt");
        assert_eq!(
            file.last_modified().map(|time| time.to_string()).as_deref(),
            Some("2025-11-21 08:59:58")
        );
        Ok(())
    }

    #[test]
    fn days_are_those_of_the_calendar() -> Result<()> {
        for (seconds, said) in [
            (315_532_800, "1980-01-01 00:00:00"),
            (951_782_400, "2000-02-29 00:00:00"),
            (1_709_251_198, "2024-02-29 23:59:58"),
            (1_735_689_600, "2025-01-01 00:00:00"),
        ] {
            assert_eq!(time(seconds)?.to_string(), said);
        }
        assert!(time(0).is_err());
        Ok(())
    }
}
