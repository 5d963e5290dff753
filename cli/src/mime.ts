import path from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.ndjson': 'application/fhir+ndjson',
  '.xml': 'application/xml',
  '.hl7': 'x-application/hl7-v2+er7',
  '.dcm': 'application/dicom',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gz': 'application/gzip',
  '.zip': 'application/zip',
}

/** The media type that a file's name suggests. */
export function mimeOf(file: string): string {
  return types[path.extname(file).toLowerCase()] ?? 'application/octet-stream'
}
