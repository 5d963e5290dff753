/** What a wallet is asked: an EIP-1193 request, as it came. */
export type WalletRequest = { readonly method: string; readonly params?: readonly unknown[] | undefined }
