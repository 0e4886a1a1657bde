export interface CaseInput {
  readonly caseId: string;
  readonly tpl: { readonly name: string; readonly bytes: Uint8Array };
  readonly genkey?: { readonly name: string; readonly bytes: Uint8Array };
}

/** The same where the trend file is read elsewhere. */
export interface CaseNames extends Pick<CaseInput, 'caseId' | 'genkey'> {
  readonly tpl: { readonly name: string };
}

export interface CaseSummary {
  readonly rows: number;
  /** Seconds; NaN where there are no rows. */
  readonly first: number;
  readonly last: number;
  readonly medianStep: number;
  /** Metres of all branches. */
  readonly length?: number;
  readonly sections?: number;
}
